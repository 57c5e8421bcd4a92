//! Writes the benchmark's penalty file: `penalty_csv FILE [RESIDENTS RECORDS SEED]`.
#![allow(clippy::unwrap_used, clippy::print_stdout, reason = "a measuring tool at the console")]

fn main() {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let number = |i: usize, or: u64| args.get(i).map_or(or, |a| a.parse().unwrap());
    let mut plan = chengxin_synth::Plan::benchmark();
    (plan.residents, plan.records, plan.seed) = (number(1, 333_000), number(2, 1_000_000), number(3, 1));
    let entry = chengxin_synth::penalty_csv(&plan, args[0].as_ref(), &mut |_, _| {}).unwrap();
    println!("{} rows, authority {}", entry.rows, entry.authority);
}
