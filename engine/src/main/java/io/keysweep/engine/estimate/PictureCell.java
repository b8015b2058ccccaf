package io.keysweep.engine.estimate;

import io.keysweep.engine.insight.RemainingTtl;
import java.util.List;

/**
 * Names one number that a sample adds up, such as the keys that die in the third step of a forecast.
 *
 * @param kind what is added up
 * @param name which of several: a number or a text, by the kind
 */
record PictureCell(Kind kind, String name) {

    /** The living keys. */
    static final PictureCell LIVING = new PictureCell(Kind.TOTAL, "living");

    /** The living keys that have a TTL. */
    static final PictureCell VOLATILE = new PictureCell(Kind.TOTAL, "volatile");

    /** The keys that die within the forecast. */
    static final PictureCell DYING = new PictureCell(Kind.TOTAL, "dying");

    /** Says what a cell adds up, and which letter a script uses for it. */
    enum Kind {
        /** Keys by the time left to live; the name is the position in {@link RemainingTtl}. */
        TTL('t'),
        /** Keys of several classes together; the name is that of a constant of {@link PictureCell}. */
        TOTAL('a'),
        /** Keys by the step of the forecast in which they die; the name is the number of the step. */
        STEP('s'),
        /** Measured keys by size; the name is the number of the class. */
        SIZE('b'),
        /** Measured keys by type; the name is the type. */
        TYPE('y'),
        /** Bytes of measured keys; the name is {@code all}, or {@code volatile} for those of keys with a TTL. */
        BYTES('m'),
        /** Keys by prefix that die soon; the name is the prefix, as for the next two. */
        PREFIX_DYING('d'),
        /** Keys by prefix that have a TTL. */
        PREFIX_WITH_TTL('v'),
        /** Keys by prefix that have no TTL. */
        PREFIX_WITHOUT_TTL('n');

        final char letter;

        Kind(char letter) {
            this.letter = letter;
        }

        /** Returns whether only some of the keys that were read are in cells of this kind. */
        boolean measured() {
            return this == SIZE || this == TYPE || this == BYTES;
        }

        /** Returns whether the name is a prefix. */
        boolean prefix() {
            return this == PREFIX_DYING || this == PREFIX_WITH_TTL || this == PREFIX_WITHOUT_TTL;
        }
    }

    /** Returns the cell of the keys with a certain time left to live. */
    static PictureCell of(RemainingTtl remaining) {
        return new PictureCell(
                Kind.TTL, Integer.toString(List.of(RemainingTtl.values()).indexOf(remaining)));
    }

    /** Reads a cell as scripts write it: the letter of the kind, and then the name. */
    static PictureCell parse(String text) {
        for (Kind kind : Kind.values()) {
            if (!text.isEmpty() && text.charAt(0) == kind.letter) {
                return new PictureCell(kind, text.substring(1));
            }
        }
        throw new IllegalArgumentException("a cell of an unknown kind");
    }
}
