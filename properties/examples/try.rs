//! scratch
use dm_explore::*;
use dm_properties::{configurations, search::*};
use dm_sim::world::config::Configuration;
fn main() {
    let only = std::env::args().nth(1);
    let era = std::env::args().nth(2).map(|e| dm_model::era::Era::from_name(&e).unwrap());
    if let Some(f) = only.as_deref().filter(|f| f.contains('/')) {
        let text = std::fs::read_to_string(f).unwrap();
        let c = Configuration::parse(f, &text).unwrap_or_else(|e| panic!("{e}"));
        let t = std::time::Instant::now();
        let r = check(
            &c,
            era.unwrap_or(c.era),
            Options {
                limits: Limits { states: Some(8_000_000), ..Limits::default() },
                order: Order::Forward,
            },
            &mut |_| Control::Continue,
        )
        .unwrap();
        println!(
            "{:10} states {} transitions {} depth {} ends {} {:?} {:.1}s",
            f,
            r.states,
            r.transitions,
            r.depth,
            r.ends,
            r.finish,
            t.elapsed().as_secs_f64()
        );
        for cr in &r.claims {
            if let Verdict::Broken { count, text, trail } = &cr.verdict {
                println!(
                    "   BROKEN {} x{count}: {text} pinned={}",
                    cr.claim.name,
                    cr.pinned.is_some()
                );
                if std::env::args().nth(3).is_some() {
                    println!("{}", trail.text().unwrap());
                }
            }
        }
        return;
    }
    for named in configurations::all() {
        if only.as_deref().is_some_and(|n| n != named.name && n != "all") {
            continue;
        }
        let c = Configuration::parse(named.name, named.text).unwrap_or_else(|e| panic!("{e}"));
        let t = std::time::Instant::now();
        let r = check(
            &c,
            era.unwrap_or(c.era),
            Options {
                limits: Limits { states: Some(6_000_000), ..Limits::default() },
                order: Order::Forward,
            },
            &mut |_| Control::Continue,
        )
        .unwrap();
        println!(
            "{:10} states {} transitions {} depth {} ends {} {:?} {:.1}s",
            named.name,
            r.states,
            r.transitions,
            r.depth,
            r.ends,
            r.finish,
            t.elapsed().as_secs_f64()
        );
        for cr in &r.claims {
            match &cr.verdict {
                Verdict::Held { premise } => {
                    if !premise {
                        println!("   {} held, no premise", cr.claim.name)
                    }
                }
                Verdict::Broken { count, text, trail } => {
                    println!(
                        "   BROKEN {} x{count}: {text} pinned={}",
                        cr.claim.name,
                        cr.pinned.is_some()
                    );
                    if std::env::args().nth(3).is_some() {
                        println!("{}", trail.text().unwrap());
                    }
                }
            }
        }
    }
}
