use std::time::Duration;

use portcullis_core::{ApiError, Code, ErrorStatus, Issue};

use super::*;
use crate::Envelope;

fn body(envelope: impl Envelope, error: ApiError) -> String {
    String::from_utf8(envelope.render(&error).body.to_vec()).unwrap()
}

fn invalid() -> ApiError {
    ApiError::unprocessable()
        .with_issue(Issue::new("missing", "Field required").at("body").at("items").at(1))
        .with_issue(
            Issue::new("enum", "Input should be 'low'")
                .at("query")
                .at("p\"x")
                .with_context("expected", "'low'")
                .with_input("hunter2"),
        )
        .with_issue(Issue::new("json_invalid", "JSON decode error").at("body"))
}

const NAME_TAKEN: Code = Code::new("NAME_TAKEN");

#[test]
fn an_error_without_a_message_reads_the_phrase_of_its_envelope() {
    let too_large = || ApiError::new(ErrorStatus::PAYLOAD_TOO_LARGE);
    assert_eq!(body(Detail::new(), too_large()), r#"{"detail":"Request Entity Too Large"}"#);
    assert_eq!(
        body(Detail::new().with_phrases(Phrases::rfc9110()), too_large()),
        r#"{"detail":"Content Too Large"}"#
    );
    assert_eq!(
        body(ErrorObject::new(), too_large()),
        r#"{"error":{"code":"CONTENT_TOO_LARGE","message":"Content Too Large"}}"#
    );
    assert_eq!(
        body(ProblemDetails::new(), too_large()),
        r#"{"type":"about:blank","title":"Content Too Large","status":413}"#
    );
    assert_eq!(
        body(Flat::new(), too_large()),
        r#"{"error":"content_too_large","message":"Content Too Large"}"#
    );
}

#[test]
fn a_table_says_what_errors_without_a_code_are_called() {
    portcullis_core::catalogue! {
        REQUESTS {
            REQ_404: 404, "No such route";
            REQ_405: 405, "No such method";
        }
    }
    let object = ErrorObject::new().with_entries(REQUESTS.entries());
    assert_eq!(
        body(object, ApiError::not_found()),
        r#"{"error":{"code":"REQ_404","message":"No such route"}}"#
    );
    let flat = Flat::new().with_entries(&[REQ_405]);
    assert_eq!(
        body(flat.clone(), ApiError::new(ErrorStatus::METHOD_NOT_ALLOWED)),
        r#"{"error":"REQ_405","message":"No such method"}"#
    );
    let own = ApiError::new(ErrorStatus::METHOD_NOT_ALLOWED).with_code(NAME_TAKEN);
    assert_eq!(body(flat, own), r#"{"error":"NAME_TAKEN","message":"No such method"}"#);
}

#[test]
#[should_panic = "LATE and SOON are both for errors of status 503"]
fn two_entries_for_errors_of_one_status_are_refused_when_the_envelope_is_built() {
    portcullis_core::catalogue! { SERVER { LATE: 503, "Too late"; SOON: 503, "Too soon"; } }
    let _ = ErrorObject::new().with_entries(SERVER.entries());
}

#[test]
fn members_come_in_the_order_in_which_they_were_added() {
    let error = || ApiError::conflict().with_member("zeta", 300).with_member("alpha", "é");
    assert_eq!(body(Detail::new(), error()), r#"{"detail":"Conflict","zeta":300,"alpha":"é"}"#);
    assert_eq!(
        body(ErrorObject::new(), error()),
        r#"{"error":{"code":"CONFLICT","message":"Conflict","zeta":300,"alpha":"é"}}"#
    );
}

#[test]
fn a_member_never_stands_twice_nor_over_what_the_envelope_says() {
    let error = || {
        ApiError::conflict()
            .with_member("status", 200)
            .with_member("message", "theirs")
            .with_member("detail", "theirs")
            .with_member("status", 201)
    };
    assert_eq!(
        body(ProblemDetails::new(), error()),
        r#"{"type":"about:blank","title":"Conflict","status":409,"message":"theirs"}"#
    );
    assert_eq!(
        body(Detail::new(), error()),
        r#"{"detail":"Conflict","status":201,"message":"theirs"}"#
    );
    assert_eq!(
        body(Flat::new(), error()),
        r#"{"error":"conflict","message":"Conflict","status":201,"detail":"theirs"}"#
    );
}

#[test]
fn issues_take_the_place_of_the_message() {
    let list = concat!(
        r#"{"detail":[{"loc":["body","items",1],"msg":"Field required","type":"missing"},"#,
        r#"{"loc":["query","p\"x"],"msg":"Input should be 'low'","type":"enum"},"#,
        r#"{"loc":["body"],"msg":"JSON decode error","type":"json_invalid"}]}"#
    );
    assert_eq!(body(Detail::new(), invalid()), list);
    assert_eq!(
        body(Detail::new().with_issues(IssuesAs::Text), invalid()),
        concat!(
            r#"{"detail":"body.items.1: Field required; query.p\"x: Input should be 'low'; "#,
            r#"body: JSON decode error"}"#
        )
    );
}

#[test]
fn context_and_input_are_shown_only_when_asked_for() {
    assert!(!body(Detail::new(), invalid()).contains("hunter2"));
    let shown = body(Detail::new().with_context().with_input(), invalid());
    assert!(shown.contains(r#""type":"enum","ctx":{"expected":"'low'"},"input":"hunter2"}"#));
    for other in [
        body(ErrorObject::new(), invalid()),
        body(ProblemDetails::new(), invalid()),
        body(Flat::new(), invalid()),
    ] {
        assert!(!other.contains("hunter2"), "{other}");
    }
}

#[test]
fn a_code_is_shown_where_the_envelope_is_told_to() {
    let error = || ApiError::conflict().with_code(NAME_TAKEN).with_message("Taken");
    assert_eq!(body(Detail::new(), error()), r#"{"detail":"Taken"}"#);
    assert_eq!(
        body(Detail::new().with_code(CodePlace::Nested), error()),
        r#"{"detail":{"code":"NAME_TAKEN","message":"Taken"}}"#
    );
    assert_eq!(
        body(Detail::new().with_code(CodePlace::Beside), error()),
        r#"{"detail":"Taken","code":"NAME_TAKEN"}"#
    );
    // Without a code there is nothing to nest.
    assert_eq!(
        body(Detail::new().with_code(CodePlace::Nested), ApiError::not_found()),
        r#"{"detail":"Not Found"}"#
    );
}

#[test]
fn an_error_object_groups_issues_by_field_and_may_always_have_details() {
    assert_eq!(
        body(ErrorObject::new(), invalid()),
        concat!(
            r#"{"error":{"code":"UNPROCESSABLE_CONTENT","message":"Unprocessable Content","#,
            r#""details":{"formErrors":["JSON decode error"],"#,
            r#""fieldErrors":{"items.1":["Field required"],"p\"x":["Input should be 'low'"]}}}}"#
        )
    );
    assert_eq!(
        body(ErrorObject::new().with_details(DetailsWhen::Always), ApiError::not_found()),
        r#"{"error":{"code":"NOT_FOUND","message":"Not Found","details":{}}}"#
    );
}

#[test]
fn a_problem_points_into_the_body_and_names_parameters() {
    assert_eq!(
        body(ProblemDetails::new(), invalid()),
        concat!(
            r#"{"type":"about:blank","title":"Unprocessable Content","status":422,"errors":["#,
            r##"{"detail":"Field required","code":"missing","pointer":"#/items/1"},"##,
            r#"{"detail":"Input should be 'low'","code":"enum","in":"query","parameter":"p\"x"},"#,
            r##"{"detail":"JSON decode error","code":"json_invalid","pointer":"#"}]}"##
        )
    );
    let rendered = ProblemDetails::new().render(&ApiError::not_found());
    assert_eq!(rendered.content_type, "application/problem+json");
}

#[test]
fn a_pointer_to_a_wrong_key_is_one_to_its_member() {
    let points_to = |issue: Issue| {
        let body = body(ProblemDetails::new(), ApiError::unprocessable().with_issue(issue));
        body.split(r#""pointer":""#).nth(1).unwrap().split('"').next().unwrap().to_owned()
    };
    let issue = || Issue::new("int_parsing", "Input should be a valid integer").at("body");
    assert_eq!(
        points_to(issue().at("votes".to_owned()).at("x".to_owned()).at("[key]")),
        "#/votes/x"
    );
    assert_eq!(points_to(issue().at("[key]".to_owned())), "#/%5Bkey%5D");
}

#[test]
fn a_pointer_escapes_what_it_must() {
    let error = ApiError::unprocessable()
        .with_issue(Issue::new("missing", "Field required").at("body").at("a/b~c d%é"));
    assert!(body(ProblemDetails::new(), error).contains(r##""pointer":"#/a~1b~0c%20d%25%C3%A9""##));
}

#[test]
fn a_flat_error_says_when_to_come_back() {
    let error = ApiError::too_many_requests(Duration::from_millis(11_500))
        .with_code(Code::new("rate_limit_exceeded"))
        .with_message("Slow down");
    assert_eq!(
        body(Flat::new(), error),
        r#"{"error":"rate_limit_exceeded","message":"Slow down","retry_after":12}"#
    );
}
