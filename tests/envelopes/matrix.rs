use portcullis_tests::{Ask, Client};

use crate::{place::Place, shape::Shape, sources};

#[tokio::test]
async fn every_failure_leaves_in_every_envelope_whichever_way_it_is_asked() {
    let mut cells = 0;
    let mut wrong = Vec::new();
    for source in sources::all() {
        for (index, shape) in Shape::all().iter().enumerate() {
            for place in Place::ALL {
                let server = source.serve(place, shape).await;
                for protocol in source.protocols {
                    if let Some(first) = &source.first {
                        server.client(*protocol).await.send(first.clone()).await;
                    }
                    for method in source.methods {
                        cells += 1;
                        let answers = source.answers(index, place, method);
                        let client = server.client(*protocol).await;
                        let answer = answer(client, source.ask(method)).await;
                        if !answers.contains(&answer) {
                            let cell = (source.name, shape.name, place, protocol, method);
                            wrong.push(format!("{cell:?}: {answer:#?}\nand not {:#?}", answers[0]));
                        }
                    }
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{} of {cells} cells\n{}", wrong.len(), wrong.join("\n"));
}

/// The answer line by line; what became of it, if it was cut off or its stream was reset.
pub(crate) async fn answer(mut client: Client, ask: Ask) -> Vec<String> {
    let answer = tokio::spawn(async move { client.send(ask).await }).await;
    answer.map_or_else(|error| vec![error.to_string()], |answer| answer.lines())
}
