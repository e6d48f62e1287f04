//! Every notice on the input and the network, with the rows that were set aside.

use fibreplan::error::{Fault, lines};
use fibreplan::read::Reading;

use super::Session;

impl Session {
    /// Tells what became of the rows of each file, and what is worth knowing of them.
    pub fn tell_rows(&self, reading: &Reading) {
        let faults = reading.set_aside.iter().flat_map(|rejected| &rejected.faults);
        for line in lines(&faults.cloned().collect::<Vec<Fault>>()) {
            self.note(&format!("set aside: {line}\n"));
        }
        self.tell(&reading.notices);
        for input in reading.scenario.tables.inputs.iter().filter(|input| input.rows_read > 0) {
            let (read, used) = (input.rows_read, input.rows_used);
            let (aside, excluded) = (input.rows_set_aside, input.rows_excluded);
            let rows = if read == 1 { "row" } else { "rows" };
            self.note(&format!(
                "{}: {read} {rows} = {used} used + {aside} set aside + {excluded} excluded\n",
                input.file
            ));
        }
    }

    /// Tells some notices.
    pub fn tell(&self, notices: &[Fault]) {
        for line in lines(notices) {
            self.note(&format!("notice: {line}\n"));
        }
    }
}
