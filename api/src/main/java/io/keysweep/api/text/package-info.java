/** Formats amounts, failures of files and other results for users, alike on the command line and in the web console. */
@org.jspecify.annotations.NullMarked
package io.keysweep.api.text;
