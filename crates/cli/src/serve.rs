//! `chengxin serve`: the pages that a report's QR code leads to.

use std::net::{SocketAddr, TcpListener};

use chengxin_app::Installation;
use serde_json::json;

use crate::args::Serve;
use crate::context::Context;
use crate::exit::{Exit, Failure};

/// How many ports after the one asked for are tried where any will do.
const NEAR: u16 = 50;

pub(crate) fn serve(context: &Context, args: &Serve) -> Result<Exit, Failure> {
    let installation = context.open()?;
    // Asked once at the start: who may not serve learns it here, and not from a page.
    context.caller(&installation, "report_view", None)?;
    let listener = TcpListener::bind(args.listen).map_err(|error| no_address(args.listen, &error))?;
    run(context, installation, listener)
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
pub(crate) fn run(context: &Context, installation: Installation, listener: TcpListener) -> Result<Exit, Failure> {
    let ended = |error: std::io::Error| {
        Failure::new(Exit::Internal, "服务意外结束", "serving ended unexpectedly").because(error)
    };
    let at = listener.local_addr().map_err(ended)?;
    listener.set_nonblocking(true).map_err(ended)?;
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().map_err(ended)?;
    let router = chengxin_web::router(installation)?;
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
