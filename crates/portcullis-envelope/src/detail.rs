use portcullis_core::{ApiError, Issue, Segment};
use serde_core::{Serialize, Serializer, ser::SerializeMap};

use crate::{Envelope, Rendered};

/// `{"detail":"Not Found"}`: the shape that FastAPI made common.
///
/// The message stands under `detail`, and an error's extra members beside it. Where an error has
/// issues, `detail` is the array of them, each with `loc`, `msg` and `type`.
///
/// ```
/// use portcullis_envelope::{ApiError, Detail, Envelope};
///
/// let error = ApiError::forbidden().with_message("Verify your e-mail").with_member("resend", true);
/// let rendered = Detail::new().render(&error);
/// assert_eq!(rendered.body, r#"{"detail":"Verify your e-mail","resend":true}"#);
/// ```
#[derive(Clone, Copy, Debug, Default)]
#[non_exhaustive]
pub struct Detail;

impl Detail {
    /// The envelope.
    pub const fn new() -> Self {
        Self
    }
}

impl Envelope for Detail {
    fn render(&self, error: &ApiError) -> Rendered {
        Rendered::json(&Body(error))
    }
}

struct Body<'a>(&'a ApiError);

impl Serialize for Body<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut body = serializer.serialize_map(None)?;
        if self.0.issues().is_empty() {
            body.serialize_entry("detail", self.0.message())?;
        } else {
            body.serialize_entry("detail", &Issues(self.0.issues()))?;
        }
        for (name, value) in self.0.members() {
            body.serialize_entry(name, value)?;
        }
        body.end()
    }
}

struct Issues<'a>(&'a [Issue]);

impl Serialize for Issues<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.0.iter().map(Item))
    }
}

struct Item<'a>(&'a Issue);

impl Serialize for Item<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut item = serializer.serialize_map(Some(3))?;
        item.serialize_entry("loc", &Location(self.0.location()))?;
        item.serialize_entry("msg", self.0.message())?;
        item.serialize_entry("type", self.0.kind())?;
        item.end()
    }
}

struct Location<'a>(&'a [Segment]);

impl Serialize for Location<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.0.iter().map(Step))
    }
}

struct Step<'a>(&'a Segment);

impl Serialize for Step<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self.0 {
            Segment::Index(index) => serializer.serialize_u64(*index as u64),
            Segment::Name(name) => serializer.serialize_str(name),
            // A step that core learns later reads as nothing in particular.
            _ => serializer.serialize_unit(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn body(error: ApiError) -> String {
        String::from_utf8(Detail::new().render(&error).body.to_vec()).unwrap()
    }

    #[test]
    fn an_error_without_a_message_reads_the_phrase() {
        assert_eq!(body(ApiError::not_found()), r#"{"detail":"Not Found"}"#);
    }

    #[test]
    fn members_stand_beside_the_detail_in_the_order_in_which_they_came() {
        let error = ApiError::conflict().with_member("zeta", 300).with_member("alpha", "é");
        assert_eq!(body(error), r#"{"detail":"Conflict","zeta":300,"alpha":"é"}"#);
    }

    #[test]
    fn issues_take_the_place_of_the_message() {
        let error = ApiError::unprocessable()
            .with_issue(Issue::new("missing", "Field required").at("body").at("items").at(1))
            .with_issue(Issue::new("enum", "Input should be 'low'").at("query").at("p\"x"));
        assert_eq!(
            body(error),
            concat!(
                r#"{"detail":[{"loc":["body","items",1],"msg":"Field required","type":"missing"},"#,
                r#"{"loc":["query","p\"x"],"msg":"Input should be 'low'","type":"enum"}]}"#
            )
        );
    }
}
