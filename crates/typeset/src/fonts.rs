//! Fonts: two embedded faces for nearly all text, and the system's for what those lack.
//!
//! The embedded Noto Sans SC covers the common character sets. Names of people need more: for those,
//! font files of the system are read, but only once a text holds a character the embedded faces lack.
//! A report without one costs nothing more.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, LazyLock, Mutex, OnceLock, PoisonError};

use typst::foundations::Bytes;
use typst::text::{Font, FontBook, FontInfo, FontStyle};
use typst::utils::LazyHash;

const REGULAR: &[u8] = include_bytes!("../../../assets/fonts/NotoSansSC-Regular.ttf");
const BOLD: &[u8] = include_bytes!("../../../assets/fonts/NotoSansSC-Bold.ttf");

/// The embedded faces, parsed once per process.
static EMBEDDED: LazyLock<Arc<FontSet>> = LazyLock::new(|| {
    let fonts = [REGULAR, BOLD].into_iter().flat_map(|data| Font::iter(Bytes::new(data))).collect();
    Arc::new(FontSet::new(fonts))
});

/// The characters that both embedded faces can draw, and how wide they are.
static EMBEDDED_WIDTHS: LazyLock<Widths> = LazyLock::new(|| Widths::of_both(REGULAR, BOLD));

/// The faces that one document may use, with the book in which the layout engine looks them up.
pub(crate) struct FontSet {
    pub(crate) book: LazyHash<FontBook>,
    pub(crate) fonts: Vec<Font>,
}

impl FontSet {
    fn new(fonts: Vec<Font>) -> Self {
        Self { book: LazyHash::new(FontBook::from_fonts(&fonts)), fonts }
    }
}

/// A set of characters that answers in constant time.
///
/// The layout engine's own coverage is a list of runs that is searched from its start: for text of
/// tens of thousands of characters that search took longer than the layout.
pub(crate) struct CharSet(Vec<u64>);

impl CharSet {
    /// The characters for which a face has a glyph of its own, and not the empty box.
    fn of_face(data: &[u8], index: u32) -> Self {
        let mut set = Self(vec![0; (0x11_0000 / 64) as usize]);
        let Ok(face) = ttf_parser::Face::parse(data, index) else {
            return set;
        };
        for subtable in face.tables().cmap.iter().flat_map(|cmap| cmap.subtables) {
            if subtable.is_unicode() {
                subtable.codepoints(|code| {
                    let glyph = char::from_u32(code).and_then(|c| face.glyph_index(c));
                    if glyph.is_some_and(|glyph| glyph.0 != 0) {
                        set.0[(code / 64) as usize] |= 1 << (code % 64);
                    }
                });
            }
        }
        set
    }

    /// Whether the character is in the set.
    pub(crate) fn contains(&self, c: char) -> bool {
        let code = c as u32;
        self.0[(code / 64) as usize] >> (code % 64) & 1 == 1
    }
}

/// How far each character of the embedded faces moves the pen.
struct Widths {
    /// By code point, in units of the em, the wider face counting; zero: not in both faces.
    advances: Vec<u16>,
    units_per_em: f32,
}

impl Widths {
    fn of_both(regular: &[u8], bold: &[u8]) -> Self {
        let mut widths = Self {
            // Both faces end within plane 2; what lies beyond is not covered.
            advances: vec![0; 0x3_0000],
            units_per_em: 1000.0,
        };
        let (Ok(regular_face), Ok(bold_face)) = (ttf_parser::Face::parse(regular, 0), ttf_parser::Face::parse(bold, 0))
        else {
            return widths;
        };
        widths.units_per_em = f32::from(regular_face.units_per_em());
        let (in_regular, in_bold) = (CharSet::of_face(regular, 0), CharSet::of_face(bold, 0));
        for (code, advance) in (0_u32..).zip(&mut widths.advances) {
            let both = char::from_u32(code).filter(|&c| in_regular.contains(c) && in_bold.contains(c));
            if let Some(c) = both {
                let of =
                    |face: &ttf_parser::Face<'_>| face.glyph_index(c).and_then(|glyph| face.glyph_hor_advance(glyph));
                // Marks have no advance of their own but are covered: one unit says so.
                *advance = of(&regular_face).max(of(&bold_face)).unwrap_or(0).max(1);
            }
        }
        widths
    }

    fn advance(&self, c: char) -> u16 {
        self.advances.get(c as usize).copied().unwrap_or(0)
    }
}

/// A face of a system font file: its data stay on disk until a document needs them.
struct SystemFace {
    path: PathBuf,
    index: u32,
    coverage: CharSet,
    font: OnceLock<Option<Font>>,
}

impl SystemFace {
    fn font(&self) -> Option<Font> {
        self.font
            .get_or_init(|| {
                let data = std::fs::read(&self.path).ok()?;
                Font::new(Bytes::new(data), self.index)
            })
            .clone()
    }
}

/// All fonts a typesetter may draw on.
pub(crate) struct Fonts {
    dirs: Vec<PathBuf>,
    /// Read on the first character that the embedded faces lack.
    system: OnceLock<Vec<SystemFace>>,
    /// Font sets by the system faces in them: few, as few faces hold the rare characters.
    sets: Mutex<BTreeMap<Vec<usize>, Arc<FontSet>>>,
}

impl Fonts {
    pub(crate) fn new(dirs: Vec<PathBuf>) -> Self {
        LazyLock::force(&EMBEDDED);
        LazyLock::force(&EMBEDDED_WIDTHS);
        Self { dirs, system: OnceLock::new(), sets: Mutex::default() }
    }

    /// Whether there may be fonts other than the embedded ones.
    pub(crate) fn has_system(&self) -> bool {
        !self.dirs.is_empty()
    }

    /// Whether both embedded faces can draw the character.
    pub(crate) fn embedded(&self, c: char) -> bool {
        EMBEDDED_WIDTHS.advance(c) != 0
    }

    /// How wide a text is when it is set in one line, in em, in the wider of the embedded faces.
    ///
    /// Infinite where a character is taken from another font, whose width is not known here.
    pub(crate) fn width(&self, text: &str) -> f32 {
        let widths = &*EMBEDDED_WIDTHS;
        let mut units = 0_u32;
        for c in text.chars() {
            match widths.advance(c) {
                0 if c == '\u{200B}' => {}
                0 => return f32::INFINITY,
                advance => units += u32::from(advance),
            }
        }
        units as f32 / widths.units_per_em
    }

    /// The first system face that can draw all of the text, as a number to be given to [`Self::set`].
    pub(crate) fn system_face(&self, text: &str) -> Option<usize> {
        self.system
            .get_or_init(|| scan(&self.dirs))
            .iter()
            .position(|face| text.chars().all(|c| face.coverage.contains(c)) && face.font().is_some())
    }

    /// The embedded faces and these system faces. The numbers must be in ascending order.
    pub(crate) fn set(&self, system_faces: &[usize]) -> Arc<FontSet> {
        if system_faces.is_empty() {
            return Arc::clone(&EMBEDDED);
        }
        let mut sets = self.sets.lock().unwrap_or_else(PoisonError::into_inner);
        let make = || {
            let system = self.system.get().map_or(&[][..], Vec::as_slice);
            let extra = system_faces.iter().filter_map(|&number| system.get(number)?.font());
            Arc::new(FontSet::new(EMBEDDED.fonts.iter().cloned().chain(extra).collect()))
        };
        Arc::clone(sets.entry(system_faces.to_vec()).or_insert_with(make))
    }
}

/// Lists the faces of all font files in these directories, best match for the embedded ones first.
///
/// What cannot be read or parsed is passed over: a broken font file must not stop a report.
fn scan(dirs: &[PathBuf]) -> Vec<SystemFace> {
    let mut files = Vec::new();
    for dir in dirs {
        find_files(dir, 0, &mut files);
    }
    files.sort();
    files.dedup();
    let mut ranked = Vec::new();
    for path in files {
        let Ok(data) = std::fs::read(&path) else {
            continue;
        };
        for index in 0..ttf_parser::fonts_in_collection(&data).unwrap_or(1) {
            if let Some(info) = FontInfo::new(&data, index)
                && let Some(rank) = rank(&info)
            {
                let face = SystemFace {
                    path: path.clone(),
                    index,
                    coverage: CharSet::of_face(&data, index),
                    font: OnceLock::new(),
                };
                ranked.push((rank, face));
            }
        }
    }
    // A stable sort: among equals the path decides, so that one machine always picks the same face.
    ranked.sort_by_key(|(rank, _)| *rank);
    ranked.into_iter().map(|(_, face)| face).collect()
}

/// How far a face is from the embedded ones; less is better. `None`: not to be used.
fn rank(info: &FontInfo) -> Option<(u8, u16)> {
    // A last-resort font claims every character and draws a box for it.
    if info.is_last_resort() || info.variant.style != FontStyle::Normal {
        return None;
    }
    let family = info.family.to_lowercase();
    let has = |word: &str| family.contains(word);
    let kind = match () {
        () if has("sans") && (has(" sc") || has("hans")) => 0,
        () if has(" sc") || has("hans") || has("gb18030") => 1,
        () if has("sans") && has("cjk") => 2,
        () if has("cjk") || has("hana") || has("plangothic") || has("ming") || has("song") => 3,
        () if has("mono") => 5,
        () => 4,
    };
    // Medium weights first: a face this rare is used for regular and bold text alike.
    Some((kind, info.variant.weight.to_number().abs_diff(400)))
}

/// Collects font files below a directory. Deeper than eight levels is taken for a loop of links.
fn find_files(dir: &Path, depth: usize, files: &mut Vec<PathBuf>) {
    const DEEPEST: usize = 8;
    let Ok(entries) = std::fs::read_dir(dir) else {
        return;
    };
    for path in entries.flatten().map(|entry| entry.path()) {
        let extension = path.extension().map(|e| e.to_string_lossy().to_lowercase());
        if path.is_dir() && depth < DEEPEST {
            find_files(&path, depth + 1, files);
        } else if matches!(extension.as_deref(), Some("ttf" | "otf" | "ttc" | "otc")) {
            files.push(path);
        }
    }
}
