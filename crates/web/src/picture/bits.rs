//! A picture in black and white, and how much in it looks like the corner of a code. Reading a code tries corners three by three, each time on a copy of the
//! picture: a picture made of nothing but corners would keep a core for hours, so they are counted first.

use std::collections::BTreeSet;

use image::GrayImage;

/// A picture of two colours.
pub(super) struct Bits {
    pub(super) width: usize,
    pub(super) height: usize,
    black: Vec<bool>,
}

/// Part of the picture's width over which its light is evened out, and how much darker than that black is, in percent.
const WINDOW: usize = 8;
const DARKER: u64 = 85;

impl Bits {
    /// Black is what is darker than what lies around it: a photo is seldom lit evenly.
    pub(super) fn of(grey: &GrayImage) -> Self {
        let (width, height) = (grey.width() as usize, grey.height() as usize);
        // Sums of everything above and to the left.
        let mut sums = vec![0_u64; (width + 1) * (height + 1)];
        let light = grey.as_raw();
        for y in 0..height {
            let mut row = 0;
            for x in 0..width {
                row += u64::from(light[y * width + x]);
                sums[(y + 1) * (width + 1) + x + 1] = sums[y * (width + 1) + x + 1] + row;
            }
        }
        let reach = (width.max(height) / WINDOW / 2).max(8);
        let mut black = Vec::with_capacity(width * height);
        for y in 0..height {
            let (top, bottom) = (y.saturating_sub(reach), (y + reach + 1).min(height));
            for x in 0..width {
                let (left, right) = (x.saturating_sub(reach), (x + reach + 1).min(width));
                let at = |x: usize, y: usize| sums[y * (width + 1) + x];
                let sum = at(right, bottom) + at(left, top) - at(right, top) - at(left, bottom);
                let count = ((bottom - top) * (right - left)) as u64;
                black.push(u64::from(light[y * width + x]) * count * 100 < sum * DARKER);
            }
        }
        Self { width, height, black }
    }

    /// Is a place black?
    pub(super) fn is_black(&self, x: usize, y: usize) -> bool {
        self.black[y * self.width + x]
    }

    /// Are there more than `most` rings with a stone in them? Whatever a reader takes for a corner is one, and more than it takes may be.
    pub(super) fn has_more_corners_than(&self, most: usize) -> bool {
        let mut areas = Areas { bits: self, of: vec![0; self.black.len()], sizes: vec![0] };
        let mut rings = BTreeSet::new();
        for y in 0..self.height {
            // Where the last runs of one colour began, the newest last; the row ends in white.
            let mut begun = [0_usize; 6];
            for x in 1..=self.width {
                let ends = x == self.width || self.is_black(x, y) != self.is_black(x - 1, y);
                if !ends {
                    continue;
                }
                begun.rotate_left(1);
                begun[5] = x;
                let is_stone = self.is_black(x - 1, y) && looks_like_a_corner(&begun);
                if is_stone
                    && areas
                        .ring(begun[0], begun[2], x - 1, y)
                        .is_some_and(|ring| rings.insert(ring) && rings.len() > most)
                {
                    return true;
                }
            }
        }
        false
    }
}

/// Black, white, black, white, black as one, one, three, one, one, with room to spare.
fn looks_like_a_corner(begun: &[usize; 6]) -> bool {
    let runs: [usize; 5] = std::array::from_fn(|at| begun[at + 1] - begun[at]);
    let one = (runs[0] + runs[1] + runs[3] + runs[4]).div_ceil(4);
    runs.iter().zip([1, 1, 3, 1, 1]).all(|(run, times)| run.abs_diff(times * one) <= one)
}

/// Connected areas of the picture, each found once.
struct Areas<'a> {
    bits: &'a Bits,
    of: Vec<u32>,
    sizes: Vec<usize>,
}

impl Areas<'_> {
    /// The area around a place.
    fn at(&mut self, x: usize, y: usize) -> u32 {
        let Bits { width, height, ref black } = *self.bits;
        let from = y * width + x;
        if self.of[from] != 0 {
            return self.of[from];
        }
        let name = u32::try_from(self.sizes.len()).unwrap_or(u32::MAX);
        let (mut todo, mut size) = (vec![from], 0);
        self.of[from] = name;
        while let Some(at) = todo.pop() {
            size += 1;
            let (x, y) = (at % width, at / width);
            let beside = [
                (x > 0).then(|| at - 1),
                (x + 1 < width).then(|| at + 1),
                (y > 0).then(|| at - width),
                (y + 1 < height).then(|| at + width),
            ];
            for next in beside.into_iter().flatten() {
                if black[next] == black[from] && self.of[next] == 0 {
                    self.of[next] = name;
                    todo.push(next);
                }
            }
        }
        self.sizes.push(size);
        name
    }

    /// The ring to which both ends belong, if a stone of another area and about a third of its size lies between them.
    fn ring(&mut self, left: usize, stone: usize, right: usize, y: usize) -> Option<u32> {
        let [left, stone, right] = [left, stone, right].map(|x| self.at(x, y));
        let part = self.sizes[stone as usize] * 100 / self.sizes[right as usize].max(1);
        (left == right && stone != right && (10..=70).contains(&part)).then_some(right)
    }
}

#[cfg(test)]
mod tests {
    use image::Luma;

    use super::*;

    /// A picture full of corners, each of eight pixels with its margin.
    fn corners(across: u32, down: u32) -> GrayImage {
        GrayImage::from_fn(across * 8 + 1, down * 8 + 1, |x, y| {
            let (x, y) = ((x % 8).wrapping_sub(1), (y % 8).wrapping_sub(1));
            let ring = x < 7 && y < 7 && (x == 0 || x == 6 || y == 0 || y == 6);
            let stone = (2..5).contains(&x) && (2..5).contains(&y);
            Luma([if ring || stone { 0 } else { 255 }])
        })
    }

    #[test]
    fn corners_are_counted_and_a_picture_full_of_them_is_known() {
        let three = Bits::of(&corners(3, 1));
        assert!(!three.has_more_corners_than(3) && three.has_more_corners_than(2));
        assert!(Bits::of(&corners(190, 190)).has_more_corners_than(24));
        assert!(!Bits::of(&GrayImage::from_pixel(50, 50, Luma([9]))).has_more_corners_than(0));
    }

    #[test]
    fn what_lies_in_a_shadow_is_black_by_what_is_around_it() {
        let half_dark = GrayImage::from_fn(160, 40, |x, y| {
            let light = if x < 80 { 250 } else { 90 };
            Luma([if (x / 4 + y / 4) % 2 == 0 { light } else { light / 3 }])
        });
        let bits = Bits::of(&half_dark);
        for x in [10, 30, 120, 150] {
            assert_eq!(bits.is_black(x, 10), (x / 4 + 10 / 4) % 2 != 0, "{x}");
        }
    }
}
