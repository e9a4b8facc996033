//! Three processes that share one limit.

use std::{
    env,
    io::{BufRead, BufReader, Write},
    net::SocketAddr,
    process::{Command, Stdio},
};

use http::Request;
use portcullis::{Guard, Quota, RateLimit, Verdict};
use portcullis_redis::Redis;
use portcullis_tests::{Engine, Kind};

const EACH: usize = 3_334;

/// Where a replica finds the engine.
const ENGINE: &str = "PORTCULLIS_TESTS_ENGINE";

/// One of the three, in a process of its own: a test that does nothing unless it is told to.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_replica() {
    let Ok(url) = env::var(ENGINE) else { return };
    let store = Redis::open(&url).expect("a URL");
    // A machine that runs three of them at once, and their tests, is not to decide how they count.
    let store = store.with_timeout(std::time::Duration::from_secs(60)).expect("a time-out");
    store.connect().await.expect("the engine is there");
    let limit = RateLimit::by_address(Quota::per_hour(100)).with_store(store);
    println!("\nready");
    let mut line = String::new();
    std::io::stdin().read_line(&mut line).expect("a line");

    let requests: Vec<_> = (0..EACH)
        .map(|_| {
            let limit = limit.clone();
            tokio::spawn(async move {
                let (mut head, ()) = Request::new(()).into_parts();
                let peer: SocketAddr = ([192, 0, 2, 1], 9).into();
                head.extensions.insert(peer);
                match limit.check(&mut head) {
                    Verdict::Now(decision) => decision,
                    Verdict::Later(decision) => decision.await,
                    _ => panic!("a verdict of a kind that is not known"),
                }
            })
        })
        .collect();
    let (mut admitted, mut refused) = (0, 0);
    for request in requests {
        match request.await.expect("nobody panics") {
            Ok(_) => admitted += 1,
            Err(refusal) if refusal.status().as_u16() == 429 => refused += 1,
            Err(refusal) => panic!("{refusal:?}"),
        }
    }
    println!("\ncounted {admitted} {refused}");
}

#[test]
fn three_processes_admit_exactly_the_quota_of_ten_thousand_concurrent_requests() {
    for kind in Kind::ALL {
        let Some(engine) = Engine::start(kind) else { continue };
        let mut replicas: Vec<_> = (0..3)
            .map(|_| {
                let mut command = Command::new(env::current_exe().expect("this test"));
                command.args(["--exact", "three::a_replica", "--nocapture"]);
                command.env(ENGINE, engine.url()).stdin(Stdio::piped()).stdout(Stdio::piped());
                let mut process = command.spawn().expect("a process");
                let lines = BufReader::new(process.stdout.take().expect("a pipe")).lines();
                (process, lines)
            })
            .collect();
        for (_, lines) in &mut replicas {
            assert!(
                lines.any(|line| line.is_ok_and(|line| line == "ready")),
                "a replica does not start"
            );
        }
        for (process, _) in &mut replicas {
            process.stdin.take().expect("a pipe").write_all(b"go\n").expect("it reads");
        }
        let (mut admitted, mut refused) = (0, 0);
        for (process, lines) in &mut replicas {
            let counted = lines
                .filter_map(Result::ok)
                .find_map(|line| line.strip_prefix("counted ").map(str::to_owned));
            let counted = counted.expect("a replica that counts");
            let mut counted = counted.split(' ').map(|it| it.parse::<usize>().expect("a number"));
            admitted += counted.next().expect("the admitted");
            refused += counted.next().expect("the refused");
            assert!(process.wait().expect("a child").success());
        }
        eprintln!("{kind:?}: {admitted} admitted and {refused} refused of {}", 3 * EACH);
        assert_eq!((admitted, refused), (100, 3 * EACH - 100));
    }
}
