//! The four services of `examples/`, each in its own process, asked its contract's golden vectors
//! over a real socket, byte for byte.

mod answer;
mod process;

use portcullis_tests::Wire;

use self::process::Service;
use crate::golden::{
    earlier::Earlier,
    vectors::{Case, Vectors},
};

/// Asks a fresh service the steps of one case, in their order.
async fn play(service: &str, case: &Case) -> Vec<Wire> {
    let service = Service::start(service, &case.env).await;
    let mut answers = Vec::new();
    for step in &case.steps {
        let asked = step.request.filled(&Earlier(&answers));
        answers.push(service.ask(&asked.request()).await);
    }
    answers
}

/// What of the answers is not as the case expects.
fn judge(case: &Case, answers: &[Wire]) -> Result<(), String> {
    for (number, (step, answer)) in case.steps.iter().zip(answers).enumerate() {
        let expected = step.response.filled(&Earlier(answers));
        expected.meets(answer).map_err(|fault| format!("step {number}: {fault}"))?;
        if let Some(same) = expected.same_as {
            let difference = answers[same].difference(answer);
            if !difference.is_empty() {
                return Err(format!("step {number} is not as step {same}\n{difference}"));
            }
        }
    }
    Ok(())
}

/// Fails unless the service answers every case as its contract says, and every case is one that
/// would have noticed another status.
async fn speaks(file: &str, cases: usize) {
    let vectors = Vectors::parse(file);
    assert_eq!(vectors.cases.len(), cases, "{}", vectors.service);
    let mut faults = Vec::new();
    for case in &vectors.cases {
        let answers = play(&vectors.service, case).await;
        if let Err(fault) = judge(case, &answers) {
            faults.push(format!("{}: {fault}", case.name));
        }
        for step in 0..case.steps.len() {
            if judge(&case.with_another_status(step), &answers).is_ok() {
                faults.push(format!("{}: step {step} may have any status", case.name));
            }
        }
    }
    assert!(faults.is_empty(), "{}:\n{}", vectors.service, faults.join("\n"));
}

#[tokio::test]
async fn helpdesk_answers_as_its_contract_says() {
    speaks(include_str!("vectors/helpdesk.json"), 23).await;
}

#[tokio::test]
async fn assessments_answers_as_its_contract_says() {
    speaks(include_str!("vectors/assessments.json"), 21).await;
}

#[tokio::test]
async fn accounts_answers_as_its_contract_says() {
    speaks(include_str!("vectors/accounts.json"), 19).await;
}

#[tokio::test]
async fn directory_answers_as_its_contract_says() {
    speaks(include_str!("vectors/directory.json"), 17).await;
}
