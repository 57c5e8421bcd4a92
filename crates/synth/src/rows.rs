//! The rows of one file, one after another: whom each is about, and where the faults fall.

use std::collections::VecDeque;

use jiff::civil::Date;

use crate::authority::Authority;
use crate::dress::{Dress, Encoding};
use crate::fault::Fault;
use crate::items::{Draw, Item, Subject, draw_row, moved};
use crate::people::{People, Person, cast, gcd, purpose};
use crate::rng::Rng;
use crate::table::{Cell, Part, Row};

/// One file to be made.
pub(crate) struct Job<'a> {
    pub(crate) item: &'static Item,
    pub(crate) authority: &'a Authority,
    pub(crate) dress: &'static Dress,
    pub(crate) rows: u64,
    /// Number of the file in the city: rows of different files draw from different streams.
    pub(crate) stream: u64,
    /// Columns sent, as indices into the item's, in the file's order.
    pub(crate) columns: Vec<usize>,
    /// Residents whom the first rows are about.
    pub(crate) cast: &'static [u64],
    /// Every adult in turn and nobody else, for the benchmark.
    pub(crate) adults_in_turn: bool,
}

impl Job<'_> {
    fn has(&self, part: Part) -> bool {
        self.columns.iter().any(|i| self.item.columns[*i].part == part)
    }

    fn asks_for_conduct(&self) -> bool {
        self.item.columns.iter().any(|c| c.part == Part::Conduct)
    }

    fn persons(&self) -> u64 {
        if self.adults_in_turn { 100 } else { self.item.persons }
    }

    /// Can a row of this file have the fault?
    fn can_have(&self, fault: Fault) -> bool {
        fault != Fault::UnknownColumn
            && fault.needs().iter().all(|part| self.has(*part))
            && (self.persons() > 0 || !fault.about_person())
            // Only where the item asks for the day of the conduct is its absence a reason to hold anybody.
            && (fault != Fault::YoungAdultNoConductDate || self.asks_for_conduct())
    }

    fn index(&self, nth: u64) -> u64 {
        (self.stream << 40) | nth
    }
}

/// Deals faults so that their share is the plan's over the whole city and every kind comes up as often as any other
/// that the file can have.
pub(crate) struct Dealer {
    share: f64,
    owed: f64,
    dealt: [u64; Fault::ALL.len()],
}

impl Dealer {
    pub(crate) fn new(share: f64) -> Self {
        Self { share, owed: 0.0, dealt: [0; Fault::ALL.len()] }
    }

    /// Does the plan have faults at all?
    pub(crate) fn any(&self) -> bool {
        self.share > 0.0
    }

    fn deal(&mut self, rng: &mut Rng, job: &Job<'_>, room_for_pair: bool) -> Option<Fault> {
        self.owed += self.share;
        // One chance in four spreads them: otherwise every fiftieth row would be a bad one.
        if self.owed < 1.0 || !(rng.percent(25) || self.share > 0.2) {
            return None;
        }
        let fits = |f: &Fault| job.can_have(*f) && (room_for_pair || !f.is_pair());
        let dealt = |f: &Fault| self.dealt[*f as usize];
        let fault = Fault::ALL.into_iter().filter(fits).min_by_key(dealt)?;
        self.dealt[fault as usize] += 1;
        self.owed -= fault.rows() as f64;
        Some(fault)
    }
}

/// A row with its fault.
#[derive(Debug, Clone)]
pub(crate) struct Made {
    pub(crate) row: Row,
    pub(crate) fault: Option<Fault>,
}

/// Rows at the head of a file that never have a fault: the cast, and somebody for a later row to disagree with.
const CLEAN: u64 = 8;

/// The rows of one job.
pub(crate) struct Rows<'a> {
    people: &'a People,
    seed: u64,
    today: Date,
    job: &'a Job<'a>,
    dealer: &'a mut Dealer,
    next: u64,
    /// Second rows of pairs, with the place at which they are due.
    waiting: VecDeque<(u64, Made)>,
    /// A resident who is in the file already, under the right name.
    known: Option<u64>,
    stride: u64,
}

impl<'a> Rows<'a> {
    pub(crate) fn new(people: &'a People, seed: u64, today: Date, job: &'a Job<'a>, dealer: &'a mut Dealer) -> Self {
        let mut stride = (people.residents() * 618 / 1000) | 1;
        while gcd(stride, people.residents()) != 1 {
            stride += 2;
        }
        Self { people, seed, today, job, dealer, next: 0, waiting: VecDeque::new(), known: None, stride }
    }

    /// The second row of a pair, where it is due or where only such rows have room.
    fn due(&mut self) -> Option<Made> {
        let (place, _) = self.waiting.front()?;
        let full = self.job.rows - self.next <= self.waiting.len() as u64;
        if *place <= self.next || full { self.waiting.pop_front().map(|(_, made)| made) } else { None }
    }

    fn fresh(&mut self) -> Made {
        let mut rng = Rng::of(self.seed, purpose::FAULT, self.job.index(self.next));
        let room = self.job.rows - self.next > self.waiting.len() as u64 + 1;
        let fault = if self.next < CLEAN { None } else { self.dealer.deal(&mut rng, self.job, room) };
        match fault {
            None => self.good(),
            Some(fault) => self.faulty(fault, &mut rng),
        }
    }

    fn good(&mut self) -> Made {
        let mut draw = self.draw();
        self.settle_subject(&mut draw);
        Made { row: draw_row(self.job.item, &mut draw), fault: None }
    }

    fn faulty(&mut self, fault: Fault, rng: &mut Rng) -> Made {
        let mut draw = self.draw();
        match fault {
            Fault::Minor => draw.subject = Subject::Person(self.any_name(|i| self.people.minor(i), rng)),
            Fault::YoungAdultNoConductDate => self.make_young(&mut draw),
            _ if fault.about_person() => draw.subject = Subject::Person(self.resident(rng).1),
            _ => self.settle_subject(&mut draw),
        }
        if fault == Fault::NameDisagrees {
            draw.subject = Subject::Person(self.misnamed(rng));
        }
        let mut row = draw_row(self.job.item, &mut draw);
        spoil(&mut row, fault);
        self.pair(fault, &row, rng);
        Made { row, fault: (fault != Fault::ExactDuplicate).then_some(fault) }
    }

    /// Queues the second row of a pair a little further on.
    fn pair(&mut self, fault: Fault, row: &Row, rng: &mut Rng) {
        if !fault.is_pair() {
            return;
        }
        let mut row = row.clone();
        if fault == Fault::DuplicateConflict {
            let other = match row.part(Part::Content) {
                Some(Cell::Text(text)) => format!("{text}（以此为准）"),
                _ => "以此为准".to_owned(),
            };
            row.set_part(Part::Content, other);
        }
        let place = self.waiting.back().map_or(self.next, |(last, _)| *last).max(self.next) + 1 + rng.below(30);
        self.waiting.push_back((place, Made { row, fault: Some(fault) }));
    }

    /// What the row is drawn from; the subject is settled by the caller.
    fn draw(&self) -> Draw<'a> {
        let mut rng = Rng::of(self.seed, purpose::ROW, self.job.index(self.next));
        let ago = if self.is_cast() { rng.between(20, 60) } else { rng.between(5, 1000).min(rng.between(5, 1000)) };
        let decided = moved(self.today, -ago);
        let conduct = moved(decided, -rng.between(10, 120));
        Draw {
            authority: self.job.authority,
            subject: Subject::Person(Person { name: String::new(), number: String::new(), rare: false }),
            nth: self.next + 1,
            today: self.today,
            decided,
            conduct,
            few_columns: self.job.adults_in_turn,
            rng,
        }
    }

    fn is_cast(&self) -> bool {
        self.next < self.job.cast.len() as u64
    }

    /// Whom a good row is about.
    fn settle_subject(&mut self, draw: &mut Draw<'_>) {
        let persons = self.job.persons();
        let kind = draw.rng.below(100);
        if self.job.adults_in_turn {
            draw.subject = Subject::Person(self.people.person(self.in_turn()));
        } else if self.is_cast() {
            draw.subject = Subject::Person(self.people.person(self.job.cast[self.next as usize]));
        } else if kind < persons * 3 / 100 && self.job.has(Part::Conduct) {
            self.make_young(draw);
        } else if kind < persons {
            let (index, person) = self.resident(&mut draw.rng);
            self.known = Some(index);
            draw.subject = Subject::Person(person);
        } else {
            draw.subject = self.business(kind < persons + self.job.item.traders, &mut draw.rng);
        }
    }

    /// Every adult once before any comes again, far apart in the file.
    fn in_turn(&self) -> u64 {
        let (round, place) = (self.next / self.people.residents(), self.next % self.people.residents());
        let place = u128::from(place) * u128::from(self.stride) + u128::from(round * 7919);
        (place % u128::from(self.people.residents())) as u64
    }

    /// Somebody of 19 to 21 years, by a decision of the last months, whose conduct lies after their majority.
    fn make_young(&self, draw: &mut Draw<'_>) {
        draw.decided = moved(self.today, -draw.rng.between(5, 200));
        draw.conduct = moved(draw.decided, -draw.rng.between(10, 120));
        draw.subject = Subject::Person(self.any_name(|i| self.people.young(i), &mut draw.rng));
    }

    fn business(&self, trader: bool, rng: &mut Rng) -> Subject {
        let drawn = rng.below(self.people.organisations());
        let index = if self.job.item.once { self.next } else { drawn };
        let organisation = if trader { self.people.trader(index) } else { self.people.company(index) };
        let head = self.people.person(organisation.head);
        Subject::Organisation(organisation, Some(head).filter(|h| self.writable(h)))
    }

    /// A resident other than the one who has no records.
    fn resident(&self, rng: &mut Rng) -> (u64, Person) {
        loop {
            let index = rng.below(self.people.residents());
            let person = self.people.person(index);
            if index != cast::NONE && self.writable(&person) {
                return (index, person);
            }
        }
    }

    /// One of a twentieth of the population, so that people come more than once.
    fn any_name(&self, person: impl Fn(u64) -> Person, rng: &mut Rng) -> Person {
        loop {
            let person = person(rng.below(self.people.residents() / 20 + 20));
            if self.writable(&person) {
                return person;
            }
        }
    }

    /// A known number under somebody else's name.
    fn misnamed(&self, rng: &mut Rng) -> Person {
        let known = self.people.person(self.known.unwrap_or(cast::MANY));
        loop {
            let (_, other) = self.resident(rng);
            if other.name != known.name {
                return Person { name: other.name, ..known };
            }
        }
    }

    fn writable(&self, person: &Person) -> bool {
        !person.rare || self.job.dress.encoding != Encoding::Gbk
    }
}

impl Iterator for Rows<'_> {
    type Item = Made;

    fn next(&mut self) -> Option<Made> {
        if self.next >= self.job.rows {
            return None;
        }
        let made = self.due().unwrap_or_else(|| self.fresh());
        self.next += 1;
        Some(made)
    }
}

/// Puts the fault into the row.
fn spoil(row: &mut Row, fault: Fault) {
    match fault {
        Fault::BadChecksum => {
            let wrong = match row.part(Part::Number) {
                Some(Cell::Text(number)) => wrong_check(number),
                _ => String::new(),
            };
            row.set_part(Part::Number, wrong);
        }
        Fault::MissingNumber => row.set_part(Part::Number, Cell::Empty),
        Fault::ImpossibleDate => {
            let year = if let Some(Cell::Day(day)) = row.part(Part::Decided) { day.year() } else { 2026 };
            row.set_part(Part::Decided, Cell::NoSuchDay(year));
        }
        Fault::UnknownPenaltyType => row.set_part(Part::PenaltyType, "口头教育"),
        Fault::TooLongName => {
            let name = if let Some(Cell::Text(name)) = row.part(Part::Name) { name.clone() } else { "某".into() };
            row.set_part(Part::Name, name.repeat(201 / name.chars().count().max(1) + 1));
        }
        Fault::MissingRequired => row.set_part(Part::DocumentNumber, Cell::Empty),
        Fault::YoungAdultNoConductDate => row.set_part(Part::Conduct, Cell::Empty),
        Fault::PublicSecurityBasis => {
            row.set_part(Part::Basis, "《中华人民共和国治安管理处罚法》第二十六条第一款");
        }
        Fault::LettersInMoney => row.set_part(Part::Money, "0.O2OOOO"),
        Fault::NameDisagrees
        | Fault::Minor
        | Fault::DuplicateConflict
        | Fault::ExactDuplicate
        | Fault::UnknownColumn => {}
    }
}

/// The number with another last character.
fn wrong_check(number: &str) -> String {
    let Some((head, last)) = number.char_indices().last().map(|(i, last)| (&number[..i], last)) else {
        return String::new();
    };
    let wrong = if last == '5' { '6' } else { '5' };
    format!("{head}{wrong}")
}
