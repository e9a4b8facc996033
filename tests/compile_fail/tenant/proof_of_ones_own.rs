use portcullis::tenant::ProvenVisible;

struct Ticket;

impl ProvenVisible for Ticket {}

fn main() {}
