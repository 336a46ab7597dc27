//! The program.
use dm_sim::world::config::Configuration;
use dm_sim::world::schedule::*;
use dm_sim::world::trail::line;
fn main() {
    let file = std::env::args().nth(1).unwrap();
    let text = std::fs::read_to_string(&file).unwrap();
    let config = match Configuration::parse(&file, &text) {
        Ok(c) => c,
        Err(e) => {
            println!("{e}");
            std::process::exit(64)
        }
    };
    let mut world = config.world(config.era).unwrap();
    println!(
        "frame {} process {}",
        std::mem::size_of::<dm_model::frame::Frame<dm_sim::drivers::Sim>>(),
        std::mem::size_of::<dm_model::frame::Process<dm_sim::drivers::Sim>>()
    );
    let mut schedule = DefaultSchedule::default();
    let mut before = world.clone();
    while let Some(taken) = schedule.advance(&mut world) {
        println!("{}", line(&before, taken.action));
        for o in observations(&world, &before) {
            println!("        {o}");
        }
        before.clone_from(&world);
    }
    for o in leftovers(&world) {
        println!("        {o}");
    }
}
