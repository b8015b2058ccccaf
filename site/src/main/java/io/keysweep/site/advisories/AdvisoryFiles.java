package io.keysweep.site.advisories;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;

/** Finds OSV files, whose names end in {@code .json}, in folders and zip files. */
final class AdvisoryFiles {

    private static final String JSON = ".json";

    /** Receives the files, one after another. */
    @FunctionalInterface
    interface Receiver {

        /**
         * Receives one file.
         *
         * @param name the path of the file; {@code ZIP!ENTRY} for an entry of a zip file
         * @param content the bytes of the file
         */
        void accept(String name, byte[] content);
    }

    private AdvisoryFiles() {}

    /**
     * Calls the receiver for each OSV file of a folder and its subfolders, including those in zip files.
     *
     * @param source a folder, a zip file or one OSV file
     * @throws IOException if a file cannot be read
     */
    static void forEach(Path source, Receiver receiver) throws IOException {
        if (Files.isDirectory(source)) {
            List<Path> files;
            try (Stream<Path> all = Files.walk(source)) {
                files = all.filter(Files::isRegularFile).sorted().toList();
            }
            for (Path file : files) {
                visitFile(file, receiver);
            }
        } else {
            visitFile(source, receiver);
        }
    }

    /** Calls the receiver for a file, or for the files in it if it is a zip file. */
    private static void visitFile(Path file, Receiver receiver) throws IOException {
        if (file.toString().endsWith(".zip")) {
            visitZip(file, receiver);
        } else if (file.toString().endsWith(JSON)) {
            receiver.accept(file.toString(), Files.readAllBytes(file));
        }
    }

    private static void visitZip(Path file, Receiver receiver) throws IOException {
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
