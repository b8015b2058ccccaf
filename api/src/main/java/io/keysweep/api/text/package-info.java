/** Writes amounts for people, in one format for the command line and the web console. */
@org.jspecify.annotations.NullMarked
package io.keysweep.api.text;
