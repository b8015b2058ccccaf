package io.keysweep.benchmarks.result;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/** Writes the result of a benchmark, which is a record, as an indented JSON file. */
public final class ResultFile {

    private static final JsonMapper MAPPER =
            JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();

    private ResultFile() {}

    /**
     * Writes the file with {@link #write}, and prints a table of the result and the path of the file.
     *
     * @param table the result as text for people
     */
    public static void publish(Path folder, String name, String version, Object result, String table)
            throws IOException {
        Path file = write(folder, name, version, result);
        System.out.println(table);
        System.out.println("written to " + file);
    }

    /**
     * Writes {@code <name>-<version>.json} and replaces an older file of that name. Creates the folder if it is
     * missing.
     *
     * @param name the name of the benchmark, such as {@code quick}
     * @param version the version of the server, such as {@code 7.0}
     * @param result a record whose components become the fields of the file
     * @return the path of the file
     */
    public static Path write(Path folder, String name, String version, Object result) throws IOException {
        Files.createDirectories(folder);
        Path file = folder.resolve(name + "-" + version + ".json");
        Files.writeString(file, MAPPER.writeValueAsString(result) + "\n");
        return file;
    }

    /** Returns the current time in UTC for the field {@code at} of a result, for example 2026-01-31T12:00:00Z. */
    public static String now() {
        return Instant.now().truncatedTo(ChronoUnit.SECONDS).toString();
    }

    /**
     * Rounds a figure to four significant digits, because more would be noise: 12345 becomes 12350. Returns 0 for NaN
     * and infinity.
     */
    public static double rounded(double figure) {
        if (figure == 0 || !Double.isFinite(figure)) {
            return 0;
        }
        double scale = Math.pow(10, 3 - Math.floor(Math.log10(Math.abs(figure))));
        return Math.round(figure * scale) / scale;
    }
}
