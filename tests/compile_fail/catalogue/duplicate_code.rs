portcullis::catalogue! {
    ACCOUNTS {
        NAME_TAKEN: 409, "Name is taken";
        E_MAIL_TAKEN as "NAME_TAKEN": 409, "E-mail is taken";
    }
}

fn main() {}
