use serde_json::Value;

use super::Route;

/// Which routes there are, and which are left out.
#[derive(Clone, Debug, Default)]
pub(super) struct Coverage {
    expected: Vec<String>,
    exceptions: Vec<(String, &'static str)>,
}

impl Coverage {
    pub(super) fn expect(&mut self, templates: impl Iterator<Item = String>) {
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
            self.expected.is_empty() || self.expected.iter().any(|known| is_same(known, template))
        };
        let named = routes.iter().map(|route| &route.template);
        let named = named.chain(self.exceptions.iter().map(|(template, _)| template));
        let unknown = named
            .filter(|template| !is_known(template))
            .map(|template| format!("{template} is no route of the service"));
        uncovered.chain(unknown).collect()
    }
}

/// The paths of an OpenAPI document.
pub(super) fn paths(document: &str) -> Result<Vec<String>, String> {
    let document: Value = serde_json::from_str(document).map_err(|error| error.to_string())?;
    let paths = document.get("paths").and_then(Value::as_object).ok_or("it has no `paths`")?;
    Ok(paths.keys().cloned().collect())
}

/// Whether a router would take this path for that template.
pub(super) fn is_path_of(template: &str, path: &str) -> bool {
    let (mut template, mut path) = (template.split('/'), path.split('/'));
    loop {
        match (template.next(), path.next()) {
            (None, None) => return true,
            (Some(rest), Some(_)) if rest.starts_with("{*") => return true,
            (Some(part), Some(found)) if is_parameter(part) && !found.is_empty() => {}
            (Some(part), Some(found)) if part == found => {}
            _ => return false,
        }
    }
}

/// Whether two templates are the same but for the names of their parameters.
fn is_same(one: &str, other: &str) -> bool {
    let parts = |template: &str| -> Vec<String> {
        template
            .split('/')
            .map(|part| if is_parameter(part) { "{}".to_owned() } else { part.to_owned() })
            .collect()
    };
    parts(one) == parts(other)
}

fn has_parameters(template: &str) -> bool {
    template.split('/').any(is_parameter)
}

/// `{id}`, and a part of which one is only a part: `{id}.pdf`.
fn is_parameter(part: &str) -> bool {
    part.contains('{')
}
