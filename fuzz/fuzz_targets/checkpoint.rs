#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| chengxin_fuzz::checkpoint(data));
