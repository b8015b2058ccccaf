package io.keysweep.engine.estimate;

import io.keysweep.engine.insight.RemainingTtl;
import java.util.List;

/**
 * Names one of the numbers in a picture of the keys, such as the keys that die in period 3 of a forecast.
 *
 * <p>A picture divides the live keys by remaining TTL, type and size. A forecast divides the coming time into equal
 * periods, and says how many keys die in each, that is, reach the end of their TTL. A {@link KeyReader} adds keys or
 * bytes to the cells, and {@link KeySample} estimates the cells of the whole database from them. A key counts in
 * several cells, for example in one for its TTL, one for its type and one for its prefix.
 *
 * @param kind the kind of keys or bytes that the number counts
 * @param name distinguishes the cells of one kind, for example the type {@code hash}; {@link Kind} describes the names
 */
record PictureCell(Kind kind, String name) {

    /** The live keys. */
    static final PictureCell LIVING = new PictureCell(Kind.TOTAL, "living");

    /** The live keys that have a TTL. */
    static final PictureCell VOLATILE = new PictureCell(Kind.TOTAL, "volatile");

    /** The keys that die within the forecast. */
    static final PictureCell DYING = new PictureCell(Kind.TOTAL, "dying");

    /**
     * Names the kind of keys or bytes that a cell counts, with its letter in the reply of {@link ScriptKeyReader}'s
     * script.
     */
    enum Kind {
        /** Keys by the time left to live; the name is the position in {@link RemainingTtl}. */
        TTL('t'),
        /** All keys of a class; the cells are {@link #LIVING}, {@link #VOLATILE} and {@link #DYING}. */
        TOTAL('a'),
        /** Keys by the period of the forecast in which they die; the name is the number of the period. */
        STEP('s'),
        /**
         * Measured keys by size. The name is the index of the upper limit of their size in {@link
         * io.keysweep.engine.insight.KeyPicture#sizeLimits}, or the number of limits for keys above all of them.
         */
        SIZE('b'),
        /** Measured keys by type; the name is the type. */
        TYPE('y'),
        /** Bytes of measured keys; the name is {@code all}, or {@code volatile} for the bytes of keys with a TTL. */
        BYTES('m'),
        /** Dead keys by prefix that steps on a primary have removed; the name is the prefix. See {@link ExpiredNames}. */
        PREFIX_DEAD('x'),
        /** Measured keys by the period of the forecast in which they die; the name is the number of the period. */
        STEP_MEASURED('p'),
        /** Bytes of the keys of {@link #STEP_MEASURED}; the name is the number of the period. */
        STEP_BYTES('q'),
        /** Keys by prefix that die within {@link ReadingPlan#SOON}; the name is the prefix. */
        PREFIX_DYING('d'),
        /** Keys by prefix that have a TTL; the name is the prefix. */
        PREFIX_WITH_TTL('v'),
        /** Keys by prefix that have no TTL; the name is the prefix. */
        PREFIX_WITHOUT_TTL('n');

        /**
         * The letter of the kind in the names of cells. Each kind has a different letter; the letters have no further
         * meaning.
         */
        final char letter;

        Kind(char letter) {
            this.letter = letter;
        }

        /** Returns whether cells of this kind count measured keys only (keys whose type and size were read). */
        boolean countsMeasuredKeys() {
            return this == SIZE || this == TYPE || this == STEP_MEASURED || isInBytes();
        }

        /** Returns whether cells of this kind contain bytes, and not a number of keys. */
        boolean isInBytes() {
            return this == BYTES || this == STEP_BYTES;
        }

        /** Returns whether the names of such cells are prefixes of key names. */
        boolean isNamedByPrefix() {
            return this == PREFIX_DEAD || this == PREFIX_DYING || this == PREFIX_WITH_TTL || this == PREFIX_WITHOUT_TTL;
        }
    }

    /** Returns the cell of the keys with a certain time left to live. */
    static PictureCell of(RemainingTtl remaining) {
        return new PictureCell(
                Kind.TTL, Integer.toString(List.of(RemainingTtl.values()).indexOf(remaining)));
    }

    /**
     * Reads a cell as the script writes it: the letter of the kind, and then the name, for example {@code yhash}.
     *
     * @throws IllegalArgumentException if no kind has the letter
     */
    static PictureCell parse(String text) {
        for (Kind kind : Kind.values()) {
            if (!text.isEmpty() && text.charAt(0) == kind.letter) {
                return new PictureCell(kind, text.substring(1));
            }
        }
        throw new IllegalArgumentException("a cell of an unknown kind");
    }
}
