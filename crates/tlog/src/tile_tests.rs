//! Tests of tile coordinates and paths.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use super::*;
use proptest::prelude::*;

fn tile(level: u8, index: u64, width: u16) -> TileId {
    TileId::new(level, index, width).unwrap()
}

#[test]
fn paths_are_those_of_the_specification() {
    assert_eq!(tile(0, 1_234_067, 256).to_string(), "tile/0/x001/x234/067");
    assert_eq!(tile(0, 0, 1).to_string(), "tile/0/000.p/1");
    assert_eq!(tile(1, 999, 256).to_string(), "tile/1/999");
    assert_eq!(tile(2, 1000, 255).to_string(), "tile/2/x001/000.p/255");
    assert_eq!(TilePath::Entries(tile(0, 273, 112)).to_string(), "tile/entries/273.p/112");
}

#[test]
fn a_tree_of_70_000_has_the_tiles_that_the_specification_counts() {
    let tiles: Vec<TileId> = tiles_of(70_000).collect();
    let count = |level, full| tiles.iter().filter(|t| t.level() == level && t.is_full() == full).count();
    assert_eq!((count(0, true), count(1, true), count(2, true)), (273, 1, 0));
    let edge: Vec<TileId> = right_edge(70_000).collect();
    assert_eq!(edge, [tile(0, 273, 112), tile(1, 1, 17), tile(2, 0, 1)]);
    assert_eq!(tiles.len(), 274 + 3);
}

#[test]
fn a_tree_of_256_has_a_full_tile_and_one_of_width_1_above_it() {
    assert_eq!(tiles_of(256).collect::<Vec<_>>(), [tile(0, 0, 256), tile(1, 0, 1)]);
    assert_eq!(tiles_of(0).count(), 0);
}

#[test]
fn the_largest_tree_has_eight_levels_and_no_more() {
    let edge: Vec<TileId> = right_edge(u64::MAX).collect();
    assert_eq!(edge.len(), 8);
    assert!(edge.iter().all(|tile| tile.width() == 255));
    for t in edge {
        assert_eq!(TileId::new(t.level(), t.index(), t.width()), Ok(t));
        assert_eq!(t.to_string().parse(), Ok(TilePath::Hashes(t)));
        assert_eq!(t.with_width(256), Err(TileError::BeyondTree { level: t.level(), index: t.index() }));
    }
}

#[test]
fn every_form_but_the_canonical_is_refused() {
    for path in [
        "",
        "tile",
        "tile/",
        "tile/0",
        "tile/0/",
        "/tile/0/000",
        "tile/00/000",
        "tile/+1/000",
        "tile/-1/000",
        "tile/0/0",
        "tile/0/00",
        "tile/0/0000",
        "tile/0/x000",
        "tile/0/x000/001",
        "tile/0/001/002",
        "tile/0/x01/002",
        "tile/0/X001/002",
        "tile/0/x001//002",
        "tile/0/x001/x002",
        "tile/0/000/",
        "tile/0/000.p",
        "tile/0/000.p/",
        "tile/0/000.p/0",
        "tile/0/000.p/01",
        "tile/0/000.p/256",
        "tile/0/000.p/1/",
        "tile/0/000.p/1.p/1",
        "tile/0/000.P/1",
        "tile/0/000.p/+1",
        "tile/8/000",
        "tile/63/000",
        "tile/64/000",
        "tile/256/000",
        "tile/entries/x000/001",
        "tile/entry/000",
        "tile/0/x999/x999/x999/x999/x999/x999/999",
        "tile/0/../000",
        "tile/0/٠٠٠",
        "tile/0/000 ",
        " tile/0/000",
        "tile//000",
        "tile/7/000",
        "tile/7/001.p/1",
    ] {
        assert!(path.parse::<TilePath>().is_err(), "{path:?} must be refused");
    }
}

#[test]
fn a_refusal_names_the_path_and_what_was_expected() {
    let error = "tile/0/000.p/256".parse::<TilePath>().unwrap_err().to_string();
    assert_eq!(error, "tile path \"tile/0/000.p/256\": expected a width from 1 to 255 without leading zeros");
    let long = "é".repeat(100).parse::<TilePath>().unwrap_err().to_string();
    assert!(long.len() < 300, "{long}");
}

proptest! {
    #[test]
    fn a_path_comes_back_as_the_tile_it_was_made_of(level in 0u8..=6, index in 0u64..1 << 48, width in 1u16..=256, cut in 0u32..48) {
        let index = (index >> cut).min((1u64 << (56 - 8 * u32::from(level))) - 2);
        let id = tile(level, index, width);
        prop_assert_eq!(id.to_string().parse(), Ok(TilePath::Hashes(id)));
        let entries = TilePath::Entries(tile(0, index, width));
        prop_assert_eq!(entries.to_string().parse(), Ok(entries));
    }

    #[test]
    fn what_is_read_as_a_path_is_written_the_same(text in "(tile/)?([0-9]|entries)/(x?[0-9]{3}/){0,7}[0-9]{3}(\\.p/[0-9]{1,3})?") {
        if let Ok(path) = text.parse::<TilePath>() {
            prop_assert_eq!(path.to_string(), text);
        }
    }

    #[test]
    fn any_text_is_read_or_refused_without_a_panic(text in any::<String>()) {
        if let Ok(path) = text.parse::<TilePath>() {
            prop_assert_eq!(path.to_string(), text);
        }
    }

    #[test]
    fn tiles_of_a_tree_hold_all_its_hashes(size in 0u64..200_000) {
        for level in 0..=3u8 {
            let held: u64 = tiles_of(size).filter(|t| t.level() == level).map(|t| u64::from(t.width())).sum();
            prop_assert_eq!(held, size >> (8 * level));
        }
        let partial: Vec<TileId> = tiles_of(size).filter(|t| !t.is_full()).collect();
        prop_assert_eq!(right_edge(size).collect::<Vec<_>>(), partial);
    }
}
