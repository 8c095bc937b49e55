/**
 * What every subcommand shares: one entry point, exit codes, options from TOML files, progress on a terminal. Knows no
 * subcommand by name: they are found on the class path. Must never know of audio, models or servers.
 */
package org.chiffchaff.cli;
