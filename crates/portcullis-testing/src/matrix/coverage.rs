use serde_json::Value;

use super::Route;

/// Which routes there are, and which are left out.
#[derive(Clone, Debug, Default)]
pub(super) struct Coverage {
    /// Whether anybody has said which routes there are.
    is_told: bool,
    expected: Vec<String>,
    exceptions: Vec<(String, &'static str)>,
}

impl Coverage {
    pub(super) fn expect(&mut self, templates: impl Iterator<Item = String>) {
        self.is_told = true;
        self.expected.extend(templates);
    }

    pub(super) fn except(&mut self, template: String, why: &'static str) {
        self.exceptions.push((template, why));
    }

    /// Routes that are not covered, and what is said of routes that there are not.
    pub(super) fn faults(&self, routes: &[Route]) -> Vec<String> {
        let is_route =
            |template: &str| routes.iter().any(|route| is_same(&route.template, template));
        let is_exception =
            |template: &str| self.exceptions.iter().any(|(known, _)| is_same(known, template));
        let uncovered = self
            .expected
            .iter()
            .filter(|template| has_parameters(template))
            .filter(|template| !is_route(template) && !is_exception(template))
            .map(|template| {
                format!("{template} is not covered: add a `Route`, or say by `except` why not")
            });
        let is_known = |template: &str| {
            !self.is_told || self.expected.iter().any(|known| is_same(known, template))
        };
        let named = routes.iter().map(|route| &route.template);
        let named = named.chain(self.exceptions.iter().map(|(template, _)| template));
        let unknown = named
            .filter(|template| !is_known(template))
            .map(|template| format!("{template} is no route of the service"));
        let is_empty = self.is_told && self.expected.is_empty();
        let empty = is_empty.then(|| "the list of all routes is empty".to_owned());
        empty.into_iter().chain(uncovered).chain(unknown).collect()
    }
}

/// The paths of an OpenAPI document.
pub(super) fn paths(document: &str) -> Result<Vec<String>, String> {
    let document = read(document)?;
    keys(&document, base(&document)?)
}

/// The paths of an OpenAPI document, beneath this one.
pub(super) fn paths_beneath(base: &str, document: &str) -> Result<Vec<String>, String> {
    keys(&read(document)?, base)
}

fn read(document: &str) -> Result<Value, String> {
    serde_json::from_str(document).map_err(|error| error.to_string())
}

fn keys(document: &Value, base: &str) -> Result<Vec<String>, String> {
    let paths = document.get("paths").and_then(Value::as_object).ok_or("it has no `paths`")?;
    if paths.is_empty() {
        return Err("its `paths` are empty".to_owned());
    }
    let base = base.trim_end_matches('/');
    Ok(paths.keys().map(|path| format!("{base}{path}")).collect())
}

/// What stands before every path: that of the first server's URL (OpenAPI 3.1, section 4.8.5).
fn base(document: &Value) -> Result<&str, String> {
    let Some(url) = document.pointer("/servers/0/url").and_then(Value::as_str) else {
        return Ok("");
    };
    let authority = url.split_once("://").map(|(_, rest)| rest).or(url.strip_prefix("//"));
    let path = match authority {
        Some(rest) => rest.find('/').map_or("", |at| &rest[at..]),
        None => url,
    };
    if path.contains('{') || !(path.is_empty() || path.starts_with('/')) {
        return Err(format!(
            "beneath which path its first server, {url}, has its paths is not known: say it by \
             `covering_openapi_beneath`"
        ));
    }
    Ok(path)
}

/// Whether a router would take this path for that template.
pub(super) fn is_path_of(template: &str, path: &str) -> bool {
    let (mut template, mut path) = (template.split('/'), path.split('/'));
    loop {
        match (template.next(), path.next()) {
            (None, None) => return true,
            (Some(rest), Some(first)) if rest.starts_with("{*") => {
                return !first.is_empty() || path.next().is_some();
            }
            (Some(part), Some(found)) if is_part_of(part, found) => {}
            _ => return false,
        }
    }
}

/// Whether a part of a path is one by this part of a template: `7.pdf` by `{id}.pdf`.
fn is_part_of(template: &str, found: &str) -> bool {
    let mut pieces = pieces(template).into_iter().peekable();
    let mut rest = found;
    while let Some(piece) = pieces.next() {
        match (piece, pieces.peek()) {
            (Piece::Text(text), _) => match rest.strip_prefix(text) {
                Some(after) => rest = after,
                None => return false,
            },
            (Piece::Parameter | Piece::Rest, None) => return !rest.is_empty(),
            (Piece::Parameter | Piece::Rest, Some(Piece::Text(text))) => {
                // A parameter has one character at least.
                match rest.rfind(text).filter(|at| *at > 0) {
                    Some(at) => rest = &rest[at..],
                    None => return false,
                }
            }
            (Piece::Parameter | Piece::Rest, Some(_)) => return false,
        }
    }
    rest.is_empty()
}

/// Whether two templates are the same but for the names of their parameters.
fn is_same(one: &str, other: &str) -> bool {
    pieces(one) == pieces(other)
}

fn has_parameters(template: &str) -> bool {
    pieces(template).iter().any(|piece| !matches!(piece, Piece::Text(_)))
}

/// What a template is made of.
#[derive(Debug, PartialEq)]
enum Piece<'a> {
    Text(&'a str),
    /// `{id}`: a part of a path, or a part of one.
    Parameter,
    /// `{*rest}`: all that comes.
    Rest,
}

fn pieces(template: &str) -> Vec<Piece<'_>> {
    let (mut pieces, mut rest) = (Vec::new(), template);
    while let Some((text, after)) = rest.split_once('{') {
        let Some((name, after)) = after.split_once('}') else { break };
        if !text.is_empty() {
            pieces.push(Piece::Text(text));
        }
        pieces.push(if name.starts_with('*') { Piece::Rest } else { Piece::Parameter });
        rest = after;
    }
    if !rest.is_empty() {
        pieces.push(Piece::Text(rest));
    }
    pieces
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_template_is_another_where_its_text_or_the_kind_of_its_parameters_is() {
        assert!(is_same("/files/{id}", "/files/{file}"));
        assert!(is_same("/files/{id}:void", "/files/{file}:void"));
        for other in ["/files/{id}:void", "/files/{*rest}", "/files/{id}.pdf", "/files/{id}/"] {
            assert!(!is_same("/files/{id}", other), "{other}");
        }
    }

    #[test]
    fn the_paths_of_a_document_are_beneath_its_first_server() {
        for (server, path) in [
            ("https://api.example/v1/", "/v1/files/{id}"),
            ("/v1", "/v1/files/{id}"),
            ("https://api.example", "/files/{id}"),
            ("/", "/files/{id}"),
            ("https://{host}:{port}/v1", "/v1/files/{id}"),
            ("//api.example/v1", "/v1/files/{id}"),
        ] {
            let document =
                format!(r#"{{"servers":[{{"url":"{server}"}}],"paths":{{"/files/{{id}}":{{}}}}}}"#);
            assert_eq!(paths(&document), Ok(vec![path.to_owned()]), "{server}");
        }
    }

    #[test]
    fn a_server_whose_path_is_not_known_is_not_left_out() {
        for server in ["v1", "./v1", "https://api.example/{version}", "/{version}"] {
            let document =
                format!(r#"{{"servers":[{{"url":"{server}"}}],"paths":{{"/files/{{id}}":{{}}}}}}"#);
            let why = paths(&document).unwrap_err();
            assert!(why.ends_with("say it by `covering_openapi_beneath`"), "{why}");
            for (base, path) in [("/v1/", "/v1/files/{id}"), ("", "/files/{id}")] {
                assert_eq!(paths_beneath(base, &document), Ok(vec![path.to_owned()]));
            }
        }
    }

    #[test]
    fn a_path_is_by_a_template_that_fits_it_all() {
        for (template, path) in [
            ("/files/{id}", "/files/7"),
            ("/files/{id}.pdf", "/files/7.pdf.pdf"),
            ("/files/{id}:void", "/files/7:void"),
            ("/files/{from}-{to}", "/files/1-7"),
            ("/files/{*rest}", "/files/a/b"),
        ] {
            assert!(is_path_of(template, path), "{template} {path}");
        }
        for (template, path) in [
            ("/files/{id}", "/files/"),
            ("/files/{id}.pdf", "/files/7"),
            ("/files/{id}.pdf", "/files/.pdf"),
            ("/files/{id}:void", "/files/7:void/8"),
            ("/files/{*rest}", "/files/"),
        ] {
            assert!(!is_path_of(template, path), "{template} {path}");
        }
    }
}
