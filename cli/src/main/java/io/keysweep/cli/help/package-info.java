/** Shows help: {@code keysweep help COMMAND}, the manual page, and usage texts that fit the terminal. */
@org.jspecify.annotations.NullMarked
package io.keysweep.cli.help;
