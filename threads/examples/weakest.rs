fn main() {
    let t = std::time::Instant::now();
    let w: Vec<_> = dm_threads::windows::WINDOWS.iter().filter(|w| w.name != "cycle" && w.name != "requeue-error-signal-tail").copied().collect();
    dm_threads::weakest::table(&w, |r| println!("{:<40} kernel {:<14} {} windows, weakest {:?}, below {:?} {:?}", r.site.text(), r.site.strength(), r.windows, r.weakest, r.below, t.elapsed())).unwrap();
}
