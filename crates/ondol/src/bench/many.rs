//! The same work on many things, on two threads, with a bar; results come in the order of the things.

use indicatif::{ProgressBar, ProgressStyle};
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

/// Threads that share the work.
const THREADS: usize = 2;

/// Does `work` on each thing and shows on standard error how far it is.
pub fn map<T: Sync, R: Send>(
    title: &'static str,
    things: &[T],
    work: impl Fn(usize, &T) -> R + Sync,
) -> Vec<R> {
    let bar = ProgressBar::new(things.len() as u64).with_message(title);
    if let Ok(style) = ProgressStyle::with_template("{msg} {wide_bar} {pos} of {len}, {eta} left") {
        bar.set_style(style);
    }
    let next = AtomicUsize::new(0);
    let done: Mutex<Vec<(usize, R)>> = Mutex::new(Vec::with_capacity(things.len()));
    std::thread::scope(|scope| {
        for _ in 0..THREADS.min(things.len()) {
            scope.spawn(|| {
                loop {
                    let index = next.fetch_add(1, Ordering::Relaxed);
                    let Some(thing) = things.get(index) else { break };
                    let result = work(index, thing);
                    // A poisoned lock means that another thread has panicked: the scope ends with it.
                    if let Ok(mut done) = done.lock() {
                        done.push((index, result));
                    }
                    bar.inc(1);
                }
            });
        }
    });
    bar.finish_and_clear();
    let mut done = done.into_inner().unwrap_or_default();
    done.sort_by_key(|(index, _)| *index);
    done.into_iter().map(|(_, result)| result).collect()
}

#[cfg(test)]
mod tests {
    use super::map;

    #[test]
    fn results_come_in_the_order_of_the_things() {
        let things: Vec<u32> = (0..100).collect();
        let squares = map("squares", &things, |index, thing| (index, thing * thing));
        let expected: Vec<(usize, u32)> = (0..100).map(|n| (n as usize, n * n)).collect();
        assert_eq!(squares, expected);
    }
}
