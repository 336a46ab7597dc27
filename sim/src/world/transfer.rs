//! How data move between a LUN and a bio when a disk answers.
use dm_model::ids::{BioId, SECTOR_COUNT_MAX};
use dm_model::list::List;
use dm_model::setup::BioSetup;

use super::Lun;

/// The sectors of a bio that one clone carries.
#[derive(Clone, Copy, Debug)]
pub struct Part {
    /// The bio.
    pub bio: BioId,
    /// How many sectors into it they begin.
    pub offset: u16,
    /// The first sector on the LUN.
    pub sector: u32,
    /// How many.
    pub count: u16,
}

/// What a write of this bio leaves in a sector.
pub fn token(bio: BioId) -> u8 {
    u8::try_from(bio.0 + 1).expect("a world has few bios")
}

impl Part {
    /// The data move between the LUN and the bio.
    pub fn transfer(self, setup: &BioSetup, lun: &mut Lun, data: &mut List<u8, SECTOR_COUNT_MAX>) {
        for index in 0..u32::from(self.count) {
            if setup.write {
                lun.write(self.sector + index, token(self.bio));
                continue;
            }
            let token = lun.read(self.sector + index);
            while data.len() < usize::from(setup.count) {
                data.push_back(0);
            }
            let place = usize::from(self.offset) + index as usize;
            data.remove_at(place);
            data.insert_at(place, token);
        }
    }
}
