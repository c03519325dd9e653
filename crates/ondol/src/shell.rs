//! What a shell and its manual want to know of the commands: completions and pages, made from the commands
//! themselves.

use crate::fail::Failure;
use clap::{Args, Command};
use clap_complete::Shell;
use std::path::PathBuf;

/// Arguments of `ondol completions`.
#[derive(Args)]
pub struct Completions {
    /// The shell
    shell: Shell,
}

/// Arguments of `ondol man`.
#[derive(Args)]
pub struct Manual {
    /// Folder that takes a page for each command
    #[arg(default_value = "man")]
    folder: PathBuf,
}

/// Prints the completions of these commands for a shell.
pub fn complete(arguments: &Completions, mut commands: Command) -> Result<(), Failure> {
    // By way of a buffer, since a reader that has seen enough would be a panic otherwise.
    let mut text = Vec::new();
    clap_complete::generate(arguments.shell, &mut commands, "ondol", &mut text);
    print!("{}", String::from_utf8_lossy(&text));
    Ok(())
}

/// Writes the manual of these commands, a page each.
pub fn write_manual(arguments: &Manual, commands: Command) -> Result<(), Failure> {
    std::fs::create_dir_all(&arguments.folder)
        .and_then(|()| clap_mangen::generate_to(commands.disable_help_subcommand(true), &arguments.folder))
        .map_err(|error| Failure::input(format!("{}: {error}", arguments.folder.display())))
}
