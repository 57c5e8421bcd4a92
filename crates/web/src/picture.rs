//! Verifying by the picture of a QR code. What it says is read and never followed: only a report or a decision of this installation leads anywhere.

mod bits;

use std::io::Cursor;
use std::sync::Arc;

use axum::extract::{FromRequest as _, Multipart, Request, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Redirect, Response};
use bits::Bits;
use chengxin_app::report::VerificationCode;
use chengxin_core::Say;
use image::{DynamicImage, ImageFormat, ImageReader, Limits};

use crate::form::{Frame, Wish, own_path};
use crate::pages::verify_without;
use crate::problem::{Problem, of};
use crate::state::Shared;

/// Largest picture in bytes.
const LARGEST: usize = 8 * 1024 * 1024;
/// Most pixels along a side: a telephone's photo has 4 000.
const SIDE: u32 = 6_000;
/// Most pixels: some nine bytes are needed for each while a photo unfolds.
const PIXELS: u64 = 16_000_000;
/// Most bytes that decoding may take.
const MEMORY: u64 = 128 * 1024 * 1024;
/// Most places that look like the corner of a code. A code has three; each three of them are tried together, on a copy of the picture.
const CORNERS: usize = 24;
/// Most pixels of either side that a code is looked for in: larger pictures are made smaller first.
const LOOKED_AT: u32 = 1_600;

/// Why a picture led nowhere.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Fault {
    /// No picture, or of another kind.
    NoPicture,
    /// Too many pixels.
    TooLarge,
    /// No code can be read in it.
    NoCode,
    /// Several codes, that lead to different places.
    Several,
    /// A code that is not of this installation.
    Elsewhere,
}

impl Fault {
    fn say(self) -> Say {
        let (zh, en) = match self {
            Self::NoPicture => ("请上传 PNG 或 JPEG 图片。", "Hand in a picture, PNG or JPEG."),
            Self::TooLarge => (
                "图片过大：每边不超过 6000 像素，总共不超过 1600 万像素。请截取二维码部分再上传。",
                "The picture is too large: 6 000 pixels a side and 16 million in all at most. Cut out the code and try again.",
            ),
            Self::NoCode => (
                "没有在图片中读到二维码。请拍正、拍清楚，让整个二维码在画面内；也可以输入旁边印的核验码。",
                "No QR code could be read in the picture. Take it straight and sharp, with the whole code in it; or type the code printed beside it.",
            ),
            Self::Several => (
                "图片中有不止一个二维码。请只截取报告上的那一个。",
                "There is more than one QR code in the picture: cut out the one on the report.",
            ),
            Self::Elsewhere => (
                "这个二维码不是本平台出具的报告或者决定书的，没有打开它。请不要相信冒用本平台名义的二维码。",
                "This QR code is of no report or decision of this platform, and was not opened. Do not trust codes that pretend to be ours.",
            ),
        };
        Say::new(zh, en)
    }
}

/// Reads a picture and leads to the page of what its code is of.
pub(crate) async fn read(State(shared): State<Shared>, wish: Wish, request: Request) -> Result<Response, Problem> {
    let place = Arc::clone(shared.pictures()).try_acquire_owned().map_err(|_| Problem::busy())?;
    let form = Multipart::from_request(request, &()).await.map_err(|rejection| of(rejection.status()))?;
    let wish = Wish { path: "/verify".to_owned(), ..wish };
    let fault = |fault: Fault| verify_without(&shared, &wish, StatusCode::UNPROCESSABLE_ENTITY, fault.say());
    let Some(bytes) = picture(form).await? else { return Ok(fault(Fault::NoPicture)) };
    let base = shared.base_url().to_owned();
    // Decoding takes a core for some tenths of a second: not one of those that serve connections. Its place goes with it: whoever hangs up does not free it.
    let led = tokio::task::spawn_blocking(move || {
        let _place = place;
        codes_in(&bytes).and_then(|codes| leads_to(&base, &codes))
    });
    match led.await.map_err(|_| of(StatusCode::INTERNAL_SERVER_ERROR))? {
        Ok(path) => Ok(Redirect::to(&Frame::new(&shared, &wish).to(&path)).into_response()),
        Err(wrong) => Ok(fault(wrong)),
    }
}

/// The bytes of the first file; `None` where there is none.
async fn picture(mut form: Multipart) -> Result<Option<Vec<u8>>, Problem> {
    while let Some(mut field) = form.next_field().await.map_err(|error| of(error.status()))? {
        if field.name() != Some("file") {
            continue;
        }
        let mut bytes = Vec::new();
        while let Some(chunk) = field.chunk().await.map_err(|error| of(error.status()))? {
            if bytes.len() + chunk.len() > LARGEST {
                let say = Say::new("图片不得超过 8 MB", "the picture may have 8 MB at most");
                return Err(Problem::new(StatusCode::PAYLOAD_TOO_LARGE, say));
            }
            bytes.extend_from_slice(&chunk);
        }
        return Ok(Some(bytes).filter(|bytes| !bytes.is_empty()));
    }
    Ok(None)
}

/// What the codes in a picture say.
fn codes_in(bytes: &[u8]) -> Result<Vec<String>, Fault> {
    let bits = Bits::of(&decoded(bytes)?.into_luma8());
    if bits.has_more_corners_than(CORNERS) {
        return Err(Fault::NoCode);
    }
    let mut picture = rqrr::PreparedImage::prepare_from_bitmap(bits.width, bits.height, |x, y| bits.is_black(x, y));
    let found = picture.detect_grids();
    let mut codes: Vec<String> = found.iter().filter_map(|grid| Some(grid.decode().ok()?.1)).collect();
    codes.sort();
    codes.dedup();
    if codes.is_empty() { Err(Fault::NoCode) } else { Ok(codes) }
}

/// The picture, its kind told by its content and its size before it is unfolded.
fn decoded(bytes: &[u8]) -> Result<DynamicImage, Fault> {
    let open = || {
        let reader = ImageReader::new(Cursor::new(bytes)).with_guessed_format().map_err(|_| Fault::NoPicture)?;
        let known = matches!(reader.format(), Some(ImageFormat::Png | ImageFormat::Jpeg));
        if known { Ok(reader) } else { Err(Fault::NoPicture) }
    };
    let (width, height) = open()?.into_dimensions().map_err(|_| Fault::NoPicture)?;
    if width > SIDE || height > SIDE || u64::from(width) * u64::from(height) > PIXELS {
        return Err(Fault::TooLarge);
    }
    let mut reader = open()?;
    let mut limits = Limits::default();
    (limits.max_image_width, limits.max_image_height, limits.max_alloc) = (Some(SIDE), Some(SIDE), Some(MEMORY));
    reader.limits(limits);
    let picture = reader.decode().map_err(|error| match error {
        image::ImageError::Limits(_) => Fault::TooLarge,
        _ => Fault::NoPicture,
    })?;
    let large = width > LOOKED_AT || height > LOOKED_AT;
    Ok(if large { picture.thumbnail(LOOKED_AT, LOOKED_AT) } else { picture })
}

/// The page of ours that the codes of a picture lead to. Only its path is taken, and only one that is a report's or a decision's by its form.
fn leads_to(base: &str, codes: &[String]) -> Result<String, Fault> {
    let mut paths: Vec<String> = codes.iter().filter_map(|code| path_of(base, code)).collect();
    paths.sort();
    paths.dedup();
    match paths.as_slice() {
        [] => Err(Fault::Elsewhere),
        [path] => Ok(path.clone()),
        _ => Err(Fault::Several),
    }
}

fn path_of(base: &str, code: &str) -> Option<String> {
    let path = code.strip_prefix(base)?;
    let path = path.split(['?', '#']).next().unwrap_or("");
    if let Some(code) = path.strip_prefix("/v/") {
        return VerificationCode::parse(code).map(|code| format!("/v/{}", code.as_str()));
    }
    let decision = path.strip_prefix("/d/").is_some_and(|rest| rest.split('/').count() == 2);
    own_path(path).filter(|_| decision).map(str::to_owned)
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test fails by panicking")]
mod tests {
    use fast_qr::{ECL, QRBuilder};
    use image::{GrayImage, Luma};

    use super::*;

    const BASE: &str = "https://credit.example";

    /// The picture of a code, each of its modules so many pixels wide.
    fn drawn(text: &str, scale: u32) -> GrayImage {
        let code = QRBuilder::new(text).ecl(ECL::M).build().unwrap();
        let side = u32::try_from(code.size).unwrap();
        GrayImage::from_fn((side + 8) * scale, (side + 8) * scale, |x, y| {
            let (x, y) = (x / scale, y / scale);
            let inside = (4..side + 4).contains(&x) && (4..side + 4).contains(&y);
            Luma([if inside && code[(y - 4) as usize][(x - 4) as usize].value() { 0 } else { 255 }])
        })
    }

    fn as_file(picture: GrayImage, format: ImageFormat) -> Vec<u8> {
        let mut bytes = Cursor::new(Vec::new());
        DynamicImage::ImageLuma8(picture).write_to(&mut bytes, format).unwrap();
        bytes.into_inner()
    }

    fn read(bytes: &[u8]) -> Result<String, Fault> {
        leads_to(BASE, &codes_in(bytes)?)
    }

    #[test]
    fn a_picture_of_a_decision_leads_to_its_page_as_png_and_as_jpeg_small_and_large() {
        let address = format!("{BASE}/d/YY20261122-7KQ2-M9F4-3TWX-8N/ABCD?lang=en");
        for (format, scale) in [(ImageFormat::Png, 4), (ImageFormat::Jpeg, 6), (ImageFormat::Png, 40)] {
            let led = read(&as_file(drawn(&address, scale), format));
            assert_eq!(led.as_deref(), Ok("/d/YY20261122-7KQ2-M9F4-3TWX-8N/ABCD"), "{format:?} {scale}");
        }
    }

    #[test]
    fn a_code_that_leads_elsewhere_is_not_followed() {
        for elsewhere in [
            "https://elsewhere.example/v/AAAA",
            "https://credit.example.elsewhere.example/v/AAAA",
            "https://credit.example@elsewhere.example/v/AAAA",
            "https://credit.example/v/AAAA",
            "https://credit.example/me/records",
            "https://credit.example//elsewhere.example/d/1/2",
            "https://credit.example/d/../me",
            "https://credit.example/d/1",
            "javascript:alert(1)",
            "990000199001010017",
            "",
        ] {
            assert_eq!(leads_to(BASE, &[elsewhere.to_owned()]), Err(Fault::Elsewhere), "{elsewhere}");
        }
        let drawn = as_file(drawn("https://elsewhere.example/v/AAAA", 4), ImageFormat::Png);
        assert_eq!(read(&drawn), Err(Fault::Elsewhere));
        let two = ["/d/A/1", "/d/B/1"].map(|path| format!("{BASE}{path}"));
        assert_eq!(leads_to(BASE, &two), Err(Fault::Several));
    }

    #[test]
    fn a_picture_made_of_nothing_but_corners_is_refused_at_once() {
        let full = GrayImage::from_fn(1_600, 1_600, |x, y| {
            let (x, y) = ((x % 8).wrapping_sub(1), (y % 8).wrapping_sub(1));
            let ring = x < 7 && y < 7 && (x == 0 || x == 6 || y == 0 || y == 6);
            Luma([if ring || ((2..5).contains(&x) && (2..5).contains(&y)) { 0 } else { 255 }])
        });
        assert_eq!(read(&as_file(full, ImageFormat::Png)), Err(Fault::NoCode));
        let many = as_file(GrayImage::from_pixel(4_100, 4_000, Luma([255])), ImageFormat::Png);
        assert_eq!(read(&many), Err(Fault::TooLarge), "each side is short enough, and there are too many pixels");
    }

    #[test]
    fn what_is_no_picture_or_has_no_code_or_too_many_pixels_is_refused_with_what_to_do() {
        let blank = as_file(GrayImage::from_pixel(64, 64, Luma([255])), ImageFormat::Png);
        assert_eq!(read(&blank), Err(Fault::NoCode));
        let wide = as_file(GrayImage::from_pixel(SIDE + 1, 1, Luma([255])), ImageFormat::Png);
        assert_eq!(read(&wide), Err(Fault::TooLarge));
        let torn = &blank[..blank.len() / 2];
        for none in [b"".as_slice(), b"%PDF-1.7", b"GIF89a", b"\x89PNG\r\n\x1a\n", torn] {
            assert_eq!(read(none), Err(Fault::NoPicture));
        }
        // The head promises what would fill the memory: it is not unfolded.
        let mut bomb = as_file(GrayImage::from_pixel(1, 1, Luma([0])), ImageFormat::Png);
        bomb[16..24].copy_from_slice(&[0, 0x0f, 0, 0, 0, 0x0f, 0, 0]);
        assert!(matches!(read(&bomb), Err(Fault::TooLarge | Fault::NoPicture)));
        for fault in [Fault::NoPicture, Fault::TooLarge, Fault::NoCode, Fault::Several, Fault::Elsewhere] {
            assert!(!fault.say().zh.is_empty() && !fault.say().en.is_empty());
        }
    }
}
