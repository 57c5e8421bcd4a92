//! All the things that policies can tell apart, and boxes that cover the allowed ones.
//!
//! Policies see a thing as a few words, and each policy looks at some of them only. So there are few things that differ
//! for an operation: asking about each is asking about all. What is allowed is then written as few *boxes*, each a choice
//! of words for every attribute, as a list's `WHERE` can say it.

use crate::looks::Looks;
use crate::seen::{Asker, Side, Thing};
use crate::{Class, Stage};

/// Attributes of a thing, in the order in which they are tried.
pub(crate) const AUTHORITY: usize = 0;
pub(crate) const SUBJECT: usize = 1;
pub(crate) const SUBMITTER: usize = 2;
pub(crate) const HOLDER: usize = 3;
pub(crate) const STAGE: usize = 4;
pub(crate) const CLASS: usize = 5;
pub(crate) const ITEM: usize = 6;
const ATTRIBUTES: usize = 7;

/// Name of an item that no policy names: stands for all of those.
const UNNAMED: &str = "\u{0}";

/// One word for each attribute, by its place among those to try.
pub(crate) type Cell = [usize; ATTRIBUTES];
/// For each attribute, the places that are in.
pub(crate) type Boxed = [Vec<bool>; ATTRIBUTES];

/// The words to try for each attribute.
pub(crate) struct Cells<'a> {
    pub(crate) sides: [Vec<Side>; 4],
    pub(crate) stages: Vec<Stage>,
    pub(crate) classes: Vec<Option<Class>>,
    /// Nothing, an item that no policy names, and those that one does.
    pub(crate) items: Vec<Option<&'a str>>,
}

impl<'a> Cells<'a> {
    /// The words that can occur for this asker and that a policy of the operation looks at. An attribute that none looks
    /// at has the one word that stands for all.
    pub(crate) fn of(looks: &'a Looks, asker: &Asker) -> Self {
        let sides = |attribute: &str, own: bool, mandate: bool| {
            if !looks.at(attribute) {
                return vec![Side::None];
            }
            let possible = |side: &Side| match side {
                Side::Own => own,
                Side::Mandate => mandate,
                Side::Other | Side::None => true,
            };
            Side::ALL.into_iter().filter(possible).collect()
        };
        let account = asker.sign_in != crate::SignIn::Anonymous;
        let named = looks.texts.iter().map(|text| Some(text.as_str()));
        Self {
            sides: [
                sides("authority", asker.serves, false),
                sides("subject", asker.bound, asker.mandated),
                sides("submitter", account, false),
                sides("holder", account, false),
            ],
            stages: if looks.at("stage") { Stage::ALL.to_vec() } else { vec![Stage::None] },
            classes: if looks.at("class") {
                [None].into_iter().chain(Class::ALL.map(Some)).collect()
            } else {
                vec![None]
            },
            items: if looks.at("item") { [None, Some(UNNAMED)].into_iter().chain(named).collect() } else { vec![None] },
        }
    }

    fn sizes(&self) -> Cell {
        let side = |at: usize| self.sides[at].len();
        [side(0), side(1), side(2), side(3), self.stages.len(), self.classes.len(), self.items.len()]
    }

    /// The thing at a cell.
    pub(crate) fn thing(&self, cell: &Cell) -> Thing<'a> {
        Thing {
            authority: self.sides[AUTHORITY][cell[AUTHORITY]],
            subject: self.sides[SUBJECT][cell[SUBJECT]],
            submitter: self.sides[SUBMITTER][cell[SUBMITTER]],
            holder: self.sides[HOLDER][cell[HOLDER]],
            stage: self.stages[cell[STAGE]],
            class: self.classes[cell[CLASS]],
            item: self.items[cell[ITEM]],
        }
    }

    /// All cells: the last attribute moves fastest, the first word of each (*own*) comes first.
    pub(crate) fn iter(&self) -> impl Iterator<Item = Cell> + use<> {
        let sizes = self.sizes();
        let count = sizes.iter().product();
        (0..count).map(move |index| at(&sizes, index))
    }

    /// Boxes that together hold exactly the cells that are allowed, given in the order of [`Cells::iter`].
    pub(crate) fn cover(&self, allowed: &[bool]) -> Vec<Boxed> {
        let sizes = self.sizes();
        let mut left = allowed.to_vec();
        let mut boxes = Vec::new();
        while let Some(first) = left.iter().position(|left| *left) {
            let corner = at(&sizes, first);
            let mut boxed: Boxed = std::array::from_fn(|d| (0..sizes[d]).map(|word| word == corner[d]).collect());
            for attribute in 0..ATTRIBUTES {
                for word in 0..sizes[attribute] {
                    let mut slab = boxed.clone();
                    slab[attribute] = (0..sizes[attribute]).map(|other| other == word).collect();
                    if members(&sizes, &slab).all(|index| allowed[index]) {
                        boxed[attribute][word] = true;
                    }
                }
            }
            members(&sizes, &boxed).for_each(|index| left[index] = false);
            boxes.push(boxed);
        }
        boxes
    }
}

/// The cell of an index.
fn at(sizes: &Cell, mut index: usize) -> Cell {
    let mut cell = [0; ATTRIBUTES];
    for attribute in (0..ATTRIBUTES).rev() {
        cell[attribute] = index % sizes[attribute];
        index /= sizes[attribute];
    }
    cell
}

/// Indices of the cells in a box.
fn members<'b>(sizes: &'b Cell, boxed: &'b Boxed) -> impl Iterator<Item = usize> + 'b {
    let count: usize = sizes.iter().product();
    (0..count).filter(move |index| {
        let cell = at(sizes, *index);
        (0..ATTRIBUTES).all(|attribute| boxed[attribute][cell[attribute]])
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cells(stages: usize, classes: usize) -> Cells<'static> {
        Cells {
            sides: [vec![Side::None], vec![Side::None], vec![Side::None], vec![Side::None]],
            stages: Stage::ALL[..stages].to_vec(),
            classes: Class::ALL[..classes].iter().copied().map(Some).collect(),
            items: vec![None],
        }
    }

    #[test]
    fn boxes_hold_exactly_what_is_allowed_whatever_its_shape() {
        let cells = cells(3, 3);
        let sizes = cells.sizes();
        for shape in 0..1_u32 << 9 {
            let allowed: Vec<bool> = (0..9).map(|at| shape & 1 << at != 0).collect();
            let boxes = cells.cover(&allowed);
            let covered: Vec<bool> =
                (0..9).map(|index| boxes.iter().any(|boxed| members(&sizes, boxed).any(|at| at == index))).collect();
            assert_eq!(covered, allowed);
        }
    }

    #[test]
    fn what_is_allowed_throughout_is_one_box_and_nothing_is_none() {
        let cells = cells(5, 13);
        assert_eq!(cells.cover(&[true; 65]).len(), 1);
        assert!(cells.cover(&[false; 65]).is_empty());
    }
}
