//! `chengxin serve`: the pages that a report's QR code leads to.

use std::io::IsTerminal as _;
use std::net::{SocketAddr, TcpListener};
use std::num::NonZeroUsize;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{RecvTimeoutError, Sender, channel};
use std::thread::JoinHandle;
use std::time::Duration;

use chengxin_app::Installation;
use chengxin_app::reading::Pool;
use chengxin_core::Caller;
use chengxin_web::{Rate, Router};
use serde_json::json;

use crate::args::Serve;
use crate::context::Context;
use crate::exit::{Exit, Failure};
use crate::post::Http;

/// How many ports after the one asked for are tried where any will do.
const NEAR: u16 = 50;

pub(crate) fn serve(context: &Context, args: &Serve) -> Result<Exit, Failure> {
    let mut installation = context.open()?;
    // Asked once at the start: who may not serve learns it here, and not from a page.
    context.caller(&installation, "report_view", None)?;
    let listener = bind(args.listen)?;
    tell_first_link(context, &mut installation)?;
    let rate = args.requests_per_second.map_or_else(Rate::default, Rate);
    open(context, installation, listener, args.readers, rate)
}

/// While nobody administers accounts, somebody must begin. A link is shown to whoever sits there; where a service manager keeps what is
/// said, only how to come to one.
fn tell_first_link(context: &Context, installation: &mut Installation) -> Result<(), Failure> {
    if installation.has_administrator()? {
        return Ok(());
    }
    if !std::io::stderr().is_terminal() {
        context.out.notice(
            "还没有管理员；请运行 chengxin account first-link 取得一次性链接",
            "nobody administers accounts yet: chengxin account first-link gives a one-time link",
        );
        return Ok(());
    }
    let link = installation.account_first_link(&Caller::operator("chengxin", "serve"))?;
    let (address, expires) = (&link.link, link.expires());
    context.out.notice(
        format!("还没有管理员。首位管理员凭此一次性链接设定密码（{expires} 前有效）：{address}"),
        format!("nobody administers accounts yet. The first administrator chooses a password with this one-time link (until {expires}): {address}"),
    );
    Ok(())
}

/// Listens on exactly this address.
pub(crate) fn bind(address: SocketAddr) -> Result<TcpListener, Failure> {
    TcpListener::bind(address).map_err(|error| no_address(address, &error))
}

/// Serves an installation.
pub(crate) fn open(
    context: &Context,
    installation: Installation,
    listener: TcpListener,
    readers: Option<NonZeroUsize>,
    rate: Rate,
) -> Result<Exit, Failure> {
    warn_of_log(context, &installation);
    let beside = Beside::start(installation.another()?)?;
    let pool = Pool::of(&installation).with_readers(readers);
    let routes = chengxin_web::router_at(installation, pool, rate)?;
    let exit = run(context, routes, listener);
    drop(beside);
    exit
}

/// Says at the start what the health page would say too: whoever starts a server reads this, and not that page. It is started
/// all the same, because the log must stay open to whoever checks it.
fn warn_of_log(context: &Context, installation: &Installation) {
    let fault = match installation.log_fault() {
        Ok(None) => return,
        Ok(Some(fault)) => fault,
        Err(error) => error.public,
    };
    context.out.notice(
        format!(
            "注意：{}。服务照常启动，公开的日志仍可取得，但不查询、不披露任何内容，直到日志恢复一致并重新启动服务；/health 也如此说明",
            fault.zh
        ),
        format!(
            "warning: {}. The server starts and hands out the public log as it stands, but looks up and discloses nothing until the log is mended and the server started again; /health says so too",
            fault.en
        ),
    );
}

/// Listens on the address, or where it is taken on the next free port behind it.
pub(crate) fn listen_near(address: SocketAddr) -> Result<TcpListener, Failure> {
    let first = address.port();
    let mut last = None;
    for port in first..=first.saturating_add(NEAR) {
        match TcpListener::bind(SocketAddr::new(address.ip(), port)) {
            Ok(listener) => return Ok(listener),
            Err(error) if error.kind() == std::io::ErrorKind::AddrInUse => last = Some(error),
            Err(error) => return Err(no_address(address, &error)),
        }
    }
    Err(no_address(address, &last.unwrap_or_else(|| std::io::ErrorKind::AddrInUse.into())))
}

/// An address on which nothing can be served.
pub(crate) fn no_address(address: SocketAddr, error: &std::io::Error) -> Failure {
    use std::io::ErrorKind as E;
    let (zh, en) = match error.kind() {
        E::AddrInUse => (
            "已被另一程序占用；请用 --listen 换一个端口",
            "is taken by another programme: choose another port with --listen",
        ),
        E::PermissionDenied => (
            "无权使用；1024 以下的端口须有权限，请用 --listen 换一个端口",
            "may not be used: ports below 1024 take a permission; choose another with --listen",
        ),
        E::AddrNotAvailable => {
            ("不是本机地址；请用 --listen 给出本机地址", "is no address of this machine: give one with --listen")
        }
        _ => ("无法监听", "cannot be listened on"),
    };
    Failure::new(Exit::Unavailable, format!("{address} {zh}"), format!("{address} {en}")).because(error)
}

/// Serves until the process is told to stop; what is being answered then is answered.
pub(crate) fn run(context: &Context, router: Router, listener: TcpListener) -> Result<Exit, Failure> {
    let ended = |error: std::io::Error| {
        Failure::new(Exit::Internal, "服务意外结束", "serving ended unexpectedly").because(error)
    };
    let at = listener.local_addr().map_err(ended)?;
    listener.set_nonblocking(true).map_err(ended)?;
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().map_err(ended)?;
    context.out.value(&json!({ "serving": format!("http://{at}") }));
    context
        .out
        .say(format!("服务已启动：http://{at}/ ，按 Ctrl-C 结束"), format!("serving at http://{at}/ ; Ctrl-C ends it"));
    runtime
        .block_on(async {
            let listener = tokio::net::TcpListener::from_std(listener)?;
            chengxin_web::serve(listener, router, stop()).await
        })
        .map_err(ended)?;
    context.out.tell("服务已结束", "ended");
    Ok(Exit::Done)
}

/// Ctrl-C, or the signal by which a service manager ends a service.
async fn stop() {
    let interrupted = async { drop(tokio::signal::ctrl_c().await) };
    #[cfg(unix)]
    {
        use tokio::signal::unix::{SignalKind, signal};
        match signal(SignalKind::terminate()) {
            Ok(mut terminated) => tokio::select! {
                () = interrupted => {}
                _ = terminated.recv() => {}
            },
            Err(_) => interrupted.await,
        }
    }
    #[cfg(not(unix))]
    interrupted.await;
}

/// A flag that is raised when the process is told to stop.
pub(crate) fn stopped() -> Result<Arc<AtomicBool>, Failure> {
    let flag = Arc::new(AtomicBool::new(false));
    let raised = Arc::clone(&flag);
    let failed = |error: std::io::Error| {
        Failure::new(Exit::Internal, "无法启动线程", "a thread could not be started").because(error)
    };
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().map_err(failed)?;
    let wait = move || {
        runtime.block_on(stop());
        raised.store(true, Ordering::Relaxed);
    };
    std::thread::Builder::new().name("signals".to_owned()).spawn(wait).map_err(failed)?;
    Ok(flag)
}

/// How often witnesses are asked, and jobs done, while a server runs.
const ASK_EVERY: Duration = Duration::from_secs(10);

/// Rounds of jobs between two times that witnesses are asked.
const ROUNDS: usize = 20;

/// A thread beside the server that does what is due, as a worker would, and asks witnesses to sign what the log has come to. Ends
/// with the server.
struct Beside {
    stop: Option<Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

impl Beside {
    fn start(mut installation: Installation) -> Result<Self, Failure> {
        let (stop, stopped) = channel::<()>();
        let post = Http::new();
        let work = move || {
            let (operator, worker) = (Caller::operator("chengxin", "serve"), chengxin_app::jobs::worker_name());
            while stopped.recv_timeout(ASK_EVERY) == Err(RecvTimeoutError::Timeout) {
                // What a large release brings is done at once, and not a few every ten seconds; then witnesses have their turn.
                for _ in 0..ROUNDS {
                    match installation.job_run(&operator, &worker) {
                        Ok(round) if round.done > 0 => {}
                        Ok(_) => break,
                        Err(error) => {
                            tracing::warn!(%error, "jobs were not done");
                            break;
                        }
                    }
                }
                let asked = installation.log_cosign(&post);
                let problems = asked.map(|all| all.into_iter().filter_map(|one| Some((one.witness, one.problem?))));
                match problems {
                    Ok(problems) => problems.for_each(|(witness, problem)| {
                        tracing::warn!(witness, problem, "a witness has not signed");
                    }),
                    Err(error) => tracing::warn!(%error, "witnesses were not asked"),
                }
            }
        };
        let thread = std::thread::Builder::new().name("beside".to_owned()).spawn(work).map_err(|error| {
            Failure::new(Exit::Internal, "无法启动线程", "a thread could not be started").because(error)
        })?;
        Ok(Self { stop: Some(stop), thread: Some(thread) })
    }
}

impl Drop for Beside {
    fn drop(&mut self) {
        drop(self.stop.take());
        if let Some(thread) = self.thread.take() {
            // A panic there was reported when it happened.
            drop(thread.join());
        }
    }
}
