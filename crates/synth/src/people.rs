//! People and organisations, each a function of the seed and its index: nothing is stored, so a city of ten million
//! takes no more memory than one of ten.

use jiff::civil::Date;
use jiff::{Span, ToSpan};

use crate::error::SynthError;
use crate::name::{NameKind, name};
use crate::number::{resident_number, uscc};
use crate::rng::Rng;

/// Purposes of random streams. Each thing draws from its own, so that a change to one leaves the others as they were.
pub(crate) mod purpose {
    pub(crate) const NAME: u64 = 1;
    pub(crate) const COMPANY: u64 = 2;
    pub(crate) const TRADER: u64 = 3;
    pub(crate) const ROW: u64 = 4;
    pub(crate) const FAULT: u64 = 5;
    pub(crate) const DRESS: u64 = 6;
    pub(crate) const UNTIDY: u64 = 7;
}

/// Fewest residents: the cast below needs its places.
pub(crate) const LEAST_RESIDENTS: u64 = 10;

/// Residents with a part in the demonstration, by index.
pub(crate) mod cast {
    /// Has several kinds of records.
    pub(crate) const MANY: u64 = 0;
    /// Has none.
    pub(crate) const NONE: u64 = 1;
    /// Two people of one name.
    pub(crate) const HOMONYMS: [u64; 2] = [2, 3];
    /// A name that common fonts and GBK do not have.
    pub(crate) const RARE: u64 = 4;
    /// A name with ·.
    pub(crate) const MINORITY: u64 = 5;
}

/// Somebody.
#[derive(Debug, Clone)]
pub(crate) struct Person {
    pub(crate) name: String,
    /// Identity number, area 990000.
    pub(crate) number: String,
    pub(crate) rare: bool,
}

/// A company or a sole trader.
#[derive(Debug, Clone)]
pub(crate) struct Organisation {
    pub(crate) name: String,
    pub(crate) uscc: String,
    pub(crate) trader: bool,
    /// Index of the resident who is its legal representative or owner.
    pub(crate) head: u64,
}

/// Birth days and sequence numbers that a group of people may have: index to number, one to one.
#[derive(Debug, Clone)]
struct Births {
    first: Date,
    places: u64,
    stride: u64,
    offset: u64,
}

impl Births {
    /// Births of the days `[first, end)`, 999 a day.
    fn new(first: Date, end: Date, seed: u64) -> Self {
        let days = first.until(end).map_or(1, |s| i64::from(s.get_days()).max(1)) as u64;
        let places = days * 999;
        // Any stride that has no divisor in common with `places` visits every place once; this one is near the
        // golden section, so that neighbours by index are far apart by birth.
        let mut stride = (places * 618 / 1000) | 1;
        while gcd(stride, places) != 1 {
            stride += 2;
        }
        Self { first, places, stride, offset: Rng::of(seed, 0, 0).below(places) }
    }

    fn number(&self, index: u64) -> String {
        let place = (u128::from(index % self.places) * u128::from(self.stride) + u128::from(self.offset))
            % u128::from(self.places);
        let place = place as u64;
        let born = self.first.saturating_add(Span::new().days((place / 999) as i64));
        resident_number(born, (place % 999 + 1) as u16)
    }
}

/// Greatest common divisor.
pub(crate) fn gcd(a: u64, b: u64) -> u64 {
    if b == 0 { a } else { gcd(b, a % b) }
}

/// Everybody in the city.
#[derive(Debug, Clone)]
pub(crate) struct People {
    seed: u64,
    residents: u64,
    organisations: u64,
    adults: Births,
    young: Births,
    minors: Births,
    city: &'static str,
}

/// First and last day of a group's births, as years before today. Decisions lie up to 1000 days back and conduct
/// another 120: adults were 23 at any decision, the young were 18 at any recent conduct and under 22 today, minors
/// are under 18 today.
const ADULT_YEARS: (i64, i64) = (80, 27);
const YOUNG_YEARS: (i64, i64) = (21, 19);
const MINOR_YEARS: (i64, i64) = (16, 12);

impl People {
    pub(crate) fn new(
        seed: u64,
        residents: u64,
        organisations: u64,
        today: Date,
        city: &'static str,
    ) -> Result<Self, SynthError> {
        let born = |(from, to): (i64, i64)| -> Result<Births, SynthError> {
            let day = |years: i64| today.checked_sub(years.years()).map_err(|_| SynthError::Today(today));
            Ok(Births::new(day(from)?, day(to)?, seed))
        };
        let adults = born(ADULT_YEARS)?;
        if residents < LEAST_RESIDENTS || residents > adults.places {
            return Err(SynthError::Residents { least: LEAST_RESIDENTS, most: adults.places, asked: residents });
        }
        let organisations = organisations.max(1);
        Ok(Self { seed, residents, organisations, adults, young: born(YOUNG_YEARS)?, minors: born(MINOR_YEARS)?, city })
    }

    pub(crate) fn residents(&self) -> u64 {
        self.residents
    }

    pub(crate) fn organisations(&self) -> u64 {
        self.organisations
    }

    /// Resident `index`, aged 27 to 80.
    pub(crate) fn person(&self, index: u64) -> Person {
        let index = index % self.residents;
        let (name, rare) = self.named(index);
        Person { name, number: self.adults.number(index), rare }
    }

    /// Somebody of 19 to 21 years.
    pub(crate) fn young(&self, index: u64) -> Person {
        let (name, rare) = self.named(self.residents + index);
        Person { name, number: self.young.number(index), rare }
    }

    /// Somebody of 12 to 16 years, for rows that must be refused.
    pub(crate) fn minor(&self, index: u64) -> Person {
        let (name, rare) = self.named(self.residents * 2 + index);
        Person { name, number: self.minors.number(index), rare }
    }

    /// The name of a person, and whether it has a rare character.
    fn named(&self, index: u64) -> (String, bool) {
        // Both homonyms draw from the first one's stream.
        let index = if index == cast::HOMONYMS[1] { cast::HOMONYMS[0] } else { index };
        let mut rng = Rng::of(self.seed, purpose::NAME, index);
        let drawn = NameKind::draw(&mut rng);
        let kind = match index {
            cast::RARE => NameKind::Rare,
            cast::MINORITY => NameKind::Minority,
            0..=3 => NameKind::Common,
            _ => drawn,
        };
        (name(kind, &mut rng), kind == NameKind::Rare)
    }

    /// Company `index`.
    pub(crate) fn company(&self, index: u64) -> Organisation {
        let index = index % self.organisations;
        let mut rng = Rng::of(self.seed, purpose::COMPANY, index);
        let name = format!("{}{}{}{}有限公司", self.city, brand(&mut rng), brand(&mut rng), rng.pick(TRADES));
        Organisation { name, uscc: uscc("91", index), trader: false, head: self.head(&mut rng) }
    }

    /// Sole trader `index`.
    pub(crate) fn trader(&self, index: u64) -> Organisation {
        let index = index % self.organisations;
        let mut rng = Rng::of(self.seed, purpose::TRADER, index);
        let name = format!("{}{}{}{}", self.city, rng.pick(DISTRICTS), brand(&mut rng), rng.pick(SHOPS));
        Organisation { name, uscc: uscc("92", index), trader: true, head: self.head(&mut rng) }
    }

    /// A resident who may head an organisation: anyone but the one who has no record.
    fn head(&self, rng: &mut Rng) -> u64 {
        let drawn = rng.below(self.residents);
        if drawn == cast::NONE { drawn + 1 } else { drawn }
    }
}

fn brand(rng: &mut Rng) -> String {
    [rng.pick(BRAND), rng.pick(BRAND)].concat()
}

/// Districts of the city.
pub(crate) const DISTRICTS: &[&str] = &["临江区", "望山区", "北湖区", "东港新区", "石桥县"];

const BRAND: &[&str] = &[
    "恒", "鑫", "瑞", "盛", "泰", "达", "丰", "源", "诚", "信", "宏", "远", "禾", "青", "蓝", "星", "云", "帆", "力",
    "科", "安", "美", "佳", "悦", "联", "合", "创", "启", "新", "永",
];

const TRADES: &[&str] = &[
    "餐饮管理",
    "食品",
    "建筑工程",
    "物业服务",
    "运输",
    "机械制造",
    "商贸",
    "电子科技",
    "环保科技",
    "劳务派遣",
    "装饰设计",
    "房地产经纪",
    "旅行社",
    "医疗器械",
    "家政服务",
    "化工",
];

const SHOPS: &[&str] =
    &["小吃店", "便利店", "理发店", "五金店", "水果店", "汽车修理厂", "服装店", "餐馆", "打印部", "花店"];

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test fails by panicking")]
mod tests {
    use std::collections::BTreeSet;

    use jiff::civil::date;

    use super::*;

    fn people(residents: u64) -> People {
        People::new(42, residents, 100, date(2026, 11, 21), "云汀市").unwrap()
    }

    #[test]
    fn every_resident_has_a_number_of_their_own_and_was_of_age_long_ago() {
        let all = people(20_000);
        let numbers: BTreeSet<String> = (0..20_000).map(|i| all.person(i).number).collect();
        assert_eq!(numbers.len(), 20_000);
        assert!(numbers.iter().all(|n| n.starts_with("990000") && ("19461121".."19991121").contains(&&n[6..14])));
    }

    #[test]
    fn groups_do_not_share_birth_years() {
        let all = people(100);
        for i in 0..1000 {
            assert!(("20051121".."20071121").contains(&&all.young(i).number[6..14]));
            assert!(("20101121".."20141121").contains(&&all.minor(i).number[6..14]));
        }
    }

    #[test]
    fn the_cast_is_in_every_city() {
        for seed in 0..20 {
            let all = People::new(seed, 10, 1, date(2026, 11, 21), "云汀市").unwrap();
            let [one, other] = cast::HOMONYMS.map(|i| all.person(i));
            assert_eq!(one.name, other.name);
            assert_ne!(one.number, other.number);
            assert!(all.person(cast::RARE).rare);
            assert!(all.person(cast::MINORITY).name.contains('·'));
            assert!(!all.person(cast::MANY).rare);
        }
    }

    #[test]
    fn too_many_and_too_few_residents_are_refused() {
        for asked in [0, 9, 30_000_000] {
            let refused = People::new(1, asked, 1, date(2026, 11, 21), "云汀市").unwrap_err();
            assert!(matches!(refused, SynthError::Residents { asked: a, .. } if a == asked));
        }
    }
}
