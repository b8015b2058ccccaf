package io.keysweep.cli.output;

/**
 * Holds a part of a whole, which tables show as a percentage.
 *
 * @param value 0 to 1
 */
public record Fraction(double value) {}
