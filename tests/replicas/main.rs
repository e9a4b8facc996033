//! One limit over many replicas, through a real Redis and a real Valkey, in good times and in bad
//! ones.
