package io.keysweep.cli.output;

/**
 * Is a part of a whole, which tables show as percentage.
 *
 * @param value 0 to 1
 */
public record Fraction(double value) {}
