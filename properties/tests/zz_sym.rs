//! Experiment.
use dm_explore::{Limits, Quotient, Reduce, Search};
use dm_properties::configurations::{Parameters, all, generate, interrupted, others};
use dm_properties::kills::SMALL;
use dm_properties::system::{Checked, Goal, Pace};
use dm_sim::world::config::Configuration;
use std::time::Instant;

#[test]
#[ignore]
fn sym() {
    let mut texts: Vec<(String, String)> = all()
        .iter()
        .chain(interrupted())
        .chain(others())
        .chain(SMALL)
        .map(|n| (n.name.to_owned(), n.text.to_owned()))
        .collect();
    for (b, p) in [(1, 2), (2, 1), (2, 2)] {
        texts.push((
            format!("gen{b}{p}"),
            generate(Parameters {
                bios: b,
                paths: p,
                faults: 1,
                cycles: 0,
                signals: 0,
                messages: 0,
            }),
        ));
    }
    let max = std::env::var("MAX").ok().and_then(|x| x.parse().ok()).unwrap_or(100_000);
    for (name, text) in texts {
        let c = Configuration::parse(&name, &text).unwrap();
        let world = c.world(c.era).unwrap();
        let system = Checked::new(world, Goal::Claims, Pace::Free);
        let limits = Limits { states: Some(max), ..Limits::default() };
        let n = system.symmetry().len();
        let mut row = Vec::new();
        for reduce in [(false, false), (true, false), (false, true), (true, true)] {
            if reduce.0 && n == 1 {
                continue;
            }
            let q = Quotient::new(&system, Reduce { symmetry: reduce.0, local: reduce.1 });
            let t = Instant::now();
            let r = Search::new(&q).limits(limits).run();
            let time = t.elapsed();
            let r = q.unfold(r);
            row.push(format!(
                "{reduce:?} {} {} {:?} {:?} {:?}",
                r.states,
                r.ends,
                r.finish,
                r.violations.keys().collect::<Vec<_>>(),
                time
            ));
        }
        println!("{name}: group {n}\n    {}", row.join("\n    "));
    }
}
