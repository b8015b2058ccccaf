package io.keysweep.site.advisories;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;

/** Finds the OSV files in folders and zip files: those whose names end in {@code .json}. */
final class AdvisoryFiles {

    private static final String JSON = ".json";

    /** Receives the files, one after another. */
    @FunctionalInterface
    interface Receiver {

        /**
         * Takes over one file.
         *
         * @param name its path, in a zip file after that of the zip file and an exclamation mark
         */
        void accept(String name, byte[] content);
    }

    private AdvisoryFiles() {}

    /**
     * Passes all files of a folder with its subfolders, of a zip file, or one single file.
     *
     * @throws IOException if something cannot be read
     */
    static void forEach(Path source, Receiver receiver) throws IOException {
        if (Files.isDirectory(source)) {
            List<Path> files;
            try (Stream<Path> all = Files.walk(source)) {
                files = all.filter(Files::isRegularFile).sorted().toList();
            }
            for (Path file : files) {
                file(file, receiver);
            }
        } else {
            file(source, receiver);
        }
    }

    /** Passes a file of the folder or, if it is a zip file, those in it. */
    private static void file(Path file, Receiver receiver) throws IOException {
        if (file.toString().endsWith(".zip")) {
            zip(file, receiver);
        } else if (file.toString().endsWith(JSON)) {
            receiver.accept(file.toString(), Files.readAllBytes(file));
        }
    }

    private static void zip(Path file, Receiver receiver) throws IOException {
        try (ZipFile zip = new ZipFile(file.toFile())) {
            List<? extends ZipEntry> entries = zip.stream()
                    .filter(entry -> !entry.isDirectory() && entry.getName().endsWith(JSON))
                    .toList();
            for (ZipEntry entry : entries) {
                try (InputStream content = zip.getInputStream(entry)) {
                    receiver.accept(file + "!" + OsvReader.oneLine(entry.getName()), content.readAllBytes());
                }
            }
        }
    }
}
