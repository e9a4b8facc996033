use portcullis::Forbidden;

struct Ticket {
    tenant: u64,
}

fn close(ticket: Ticket, tenant: u64) -> Result<(), Forbidden> {
    if ticket.tenant != tenant {
        return Err(Forbidden::of(&ticket));
    }
    Ok(())
}

fn main() {
    let _ = close(Ticket { tenant: 1 }, 2);
}
