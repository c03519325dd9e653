//! The signals that end a program in good order.

/// Waits until the program is asked to end: Ctrl-C, or the system's request.
///
/// # Errors
/// The signals cannot be heard.
pub async fn end() -> std::io::Result<()> {
    #[cfg(unix)]
    {
        let mut asked = tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate())?;
        let mut key = tokio::signal::unix::signal(tokio::signal::unix::SignalKind::interrupt())?;
        std::future::poll_fn(|context| {
            if asked.poll_recv(context).is_ready() || key.poll_recv(context).is_ready() {
                std::task::Poll::Ready(())
            } else {
                std::task::Poll::Pending
            }
        })
        .await;
        Ok(())
    }
    #[cfg(not(unix))]
    tokio::signal::ctrl_c().await
}
