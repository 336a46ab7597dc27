use dm_threads::{ends::Ends, grain, weak, window::Window};
fn main() {
    let file = std::env::args().nth(1).unwrap();
    let bound = std::env::args().nth(2).and_then(|it| it.parse().ok());
    let name = std::env::args().nth(3);
    let g = name.map_or(grain::Grain::None, |n| grain::find(&n).map_or(grain::Grain::None, |n| n.grain));
    let text = std::fs::read_to_string(&file).unwrap();
    let window = Window::parse(&file, &text).unwrap_or_else(|e| panic!("{e}"));
    println!("{:?}", window.threads());
    let t = std::time::Instant::now();
    let ends = Ends::of(&window);
    println!("plain: {} states {} ends {} stuck, {:?} {:?}", ends.states, ends.worlds.len(), ends.stuck.len(), t.elapsed(), ends.broken.iter().map(|b| (b.0.claim, &b.0.text)).collect::<Vec<_>>());
    let t = std::time::Instant::now();
    let max = std::env::args().nth(4).and_then(|it| it.parse().ok()).unwrap_or(1_000_000);
    let report = weak::explore(&window, &text, &ends, g, weak::Bounds { preemptions: bound, executions: max }).unwrap();
    println!("{} executions {} stale {} ends complete {} {:?}", report.executions, report.stale, report.ends, report.is_complete, t.elapsed());
    if let Some(f) = report.failure { println!("{}", f.text(&window.round.world)); }
}
