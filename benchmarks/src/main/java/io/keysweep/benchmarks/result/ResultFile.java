package io.keysweep.benchmarks.result;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/** Writes a result, made of records, as a file of indented JSON. */
public final class ResultFile {

    private static final JsonMapper MAPPER =
            JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();

    private ResultFile() {}

    /**
     * Writes {@code <name>-<version>.json}, over an older one.
     *
     * @return where it is
     */
    public static Path write(Path folder, String name, String version, Object result) throws IOException {
        Files.createDirectories(folder);
        Path file = folder.resolve(name + "-" + version + ".json");
        Files.writeString(file, MAPPER.writeValueAsString(result) + "\n");
        return file;
    }

    /** A figure with four significant digits: more of them would be noise. */
    public static double rounded(double figure) {
        if (figure == 0 || !Double.isFinite(figure)) {
            return 0;
        }
        double scale = Math.pow(10, 3 - Math.floor(Math.log10(Math.abs(figure))));
        return Math.round(figure * scale) / scale;
    }
}
