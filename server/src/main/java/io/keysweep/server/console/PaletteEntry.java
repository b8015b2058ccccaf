package io.keysweep.server.console;

import org.jspecify.annotations.Nullable;

/**
 * Describes one line of the command palette: a link, or a button of a form that every page has.
 *
 * @param label text of the line
 * @param path path to which the line leads; null for a button
 * @param form id of the form that the button submits; null for a link
 * @param value value that the button sends; null if there is none, as for a link
 */
record PaletteEntry(
        String label,
        @Nullable String path,
        @Nullable String form,
        @Nullable String value) {

    static PaletteEntry link(String label, String path) {
        return new PaletteEntry(label, path, /* form= */ null, /* value= */ null);
    }

    static PaletteEntry button(String label, String form, @Nullable String value) {
        return new PaletteEntry(label, /* path= */ null, form, value);
    }
}
