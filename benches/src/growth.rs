//! How searches grow with bios, paths and faults: rows of figures, and their picture.
use std::fmt::Write as _;

/// The first line of the figures.
pub const HEADER: &str = "workload,axis,value,states,seconds,mib,complete";

/// What one search took.
#[derive(Clone, PartialEq, Debug)]
pub struct Row {
    /// What was searched: the model or the reference workload.
    pub workload: String,
    /// What was varied.
    pub axis: String,
    /// How many of that there were.
    pub value: f64,
    /// Distinct states.
    pub states: f64,
    /// Seconds of processor time.
    pub seconds: f64,
    /// MiB of the set of states and of how each was reached.
    pub mib: f64,
}

/// The rows of figures whose first line is [`HEADER`].
///
/// # Errors
/// The number of the line that is no such row, and what was expected.
pub fn rows(csv: &str) -> Result<Vec<Row>, String> {
    let mut lines = (1..).zip(csv.lines());
    if lines.next().is_none_or(|(_, header)| header != HEADER) {
        return Err(format!("1: expected {HEADER}"));
    }
    let row = |(number, line): (usize, &str)| {
        let fields: Vec<&str> = line.split(',').collect();
        let [workload, axis, numbers @ .., _] = &fields[..] else {
            return Err(format!("{number}: expected seven fields"));
        };
        let numbers: Result<Vec<f64>, _> = numbers.iter().map(|it| it.parse::<f64>()).collect();
        let Ok([value, states, seconds, mib]) = numbers.as_deref() else {
            return Err(format!("{number}: expected four numbers"));
        };
        let (workload, axis) = ((*workload).to_owned(), (*axis).to_owned());
        let (value, states, seconds, mib) = (*value, *states, *seconds, *mib);
        Ok(Row { workload, axis, value, states, seconds, mib })
    };
    lines.map(row).collect()
}

const PANEL: (f64, f64) = (300.0, 220.0);
const MARGIN: f64 = 40.0;
/// Ten to these powers are the ends of the upright axis.
const POWERS: (f64, f64) = (-3.0, 8.0);

/// One curve of each panel: its name, its color, and what it shows of a row.
type Curve = (&'static str, &'static str, fn(&Row) -> f64);

const CURVES: [Curve; 3] = [
    ("states", "#1b6ca8", |row| row.states),
    ("seconds", "#b5403a", |row| row.seconds),
    ("MiB", "#3a8a4d", |row| row.mib),
];

/// A picture of the rows: a panel for each workload and axis, upright by powers of ten.
pub fn svg(rows: &[Row]) -> String {
    let mut panels: Vec<(&str, &str)> = Vec::new();
    for row in rows {
        let panel = (row.workload.as_str(), row.axis.as_str());
        if !panels.contains(&panel) {
            panels.push(panel);
        }
    }
    let (width, height) = (3.0 * PANEL.0, panels.len().div_ceil(3) as u32 as f64 * PANEL.1);
    let mut out = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {width} {height}\" \
         font-family=\"sans-serif\" font-size=\"11\">\n<rect width=\"100%\" height=\"100%\" \
         fill=\"white\"/>\n"
    );
    for (place, panel) in (0_u32..).zip(&panels) {
        let of = rows.iter().filter(|row| (row.workload.as_str(), row.axis.as_str()) == *panel);
        let corner = (f64::from(place % 3) * PANEL.0, f64::from(place / 3) * PANEL.1);
        draw(&mut out, *panel, &of.collect::<Vec<_>>(), corner);
    }
    out.push_str("</svg>\n");
    out
}

fn draw(out: &mut String, panel: (&str, &str), rows: &[&Row], corner: (f64, f64)) {
    let last = rows.iter().map(|row| row.value).fold(1.0, f64::max);
    let across = |value: f64| corner.0 + MARGIN + value / last * (PANEL.0 - 1.5 * MARGIN);
    let up = |value: f64| {
        let power = value.max(1e-3).log10();
        let part = (power - POWERS.0) / (POWERS.1 - POWERS.0);
        corner.1 + PANEL.1 - MARGIN + part * (1.7 * MARGIN - PANEL.1)
    };
    let (title, y) = (format!("{} against {}", panel.0, panel.1), corner.1 + 16.0);
    let _ = writeln!(out, "<text x=\"{:.1}\" y=\"{y:.1}\">{title}</text>", corner.0 + MARGIN);
    for power in [-3, 0, 3, 6] {
        let (y, x) = (up(10_f64.powi(power)), corner.0 + MARGIN);
        let end = corner.0 + PANEL.0 - MARGIN / 2.0;
        let _ = writeln!(
            out,
            "<path d=\"M{x:.1} {y:.1}H{end:.1}\" stroke=\"#ddd\"/><text x=\"{:.1}\" y=\"{y:.1}\" \
             text-anchor=\"end\">1e{power}</text>",
            x - 4.0
        );
    }
    for row in rows {
        let (x, y) = (across(row.value), corner.1 + PANEL.1 - MARGIN + 14.0);
        let value = row.value;
        let _ =
            writeln!(out, "<text x=\"{x:.1}\" y=\"{y:.1}\" text-anchor=\"middle\">{value}</text>");
    }
    for (number, (name, color, of)) in (0_u32..).zip(CURVES) {
        let point = |row: &&Row| format!("{:.1},{:.1}", across(row.value), up(of(row)));
        let points: Vec<String> = rows.iter().map(point).collect();
        let (x, y) = (corner.0 + MARGIN + 80.0 * f64::from(number), corner.1 + PANEL.1 - 8.0);
        let _ = writeln!(
            out,
            "<polyline points=\"{}\" fill=\"none\" stroke=\"{color}\" stroke-width=\"2\"/>\
             <text x=\"{x:.1}\" y=\"{y:.1}\" fill=\"{color}\">{name}</text>",
            points.join(" ")
        );
    }
}
