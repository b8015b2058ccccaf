package io.keysweep.testkit.sources;

import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.util.JavacTask;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;

/** Finds and parses the Java sources of the modules of this project. */
final class SourceFiles {

    /** The modules that users receive. */
    static final List<String> SHIPPED = List.of("api", "engine", "server", "cli");

    /** All modules. */
    static final List<String> ALL = List.of("api", "engine", "server", "cli", "testkit", "benchmarks", "site");

    private static final JavaCompiler COMPILER = ToolProvider.getSystemJavaCompiler();

    private SourceFiles() {}

    /** Returns every Java file below {@code src/main/java} of the modules, without {@code package-info.java}. */
    static List<Path> main(List<String> modules) {
        List<Path> files = new ArrayList<>();
        for (String module : modules) {
            try (Stream<Path> found = Files.walk(root().resolve(module).resolve("src/main/java"))) {
                found.filter(file -> file.toString().endsWith(".java"))
                        .filter(file -> !file.endsWith("package-info.java"))
                        .sorted()
                        .forEach(files::add);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
        return files;
    }

    /** Parses files without resolving what they import. */
    static ParsedSources parse(List<Path> files) {
        try (StandardJavaFileManager manager = COMPILER.getStandardFileManager(
                /* diagnosticListener= */ null, /* locale= */ null, /* charset= */ null)) {
            JavacTask task = (JavacTask) COMPILER.getTask(
                    /* out= */ null,
                    manager,
                    /* diagnosticListener= */ null,
                    List.of("-proc:none"),
                    /* classes= */ null,
                    manager.getJavaFileObjectsFromPaths(files));
            List<CompilationUnitTree> units = new ArrayList<>();
            task.parse().forEach(units::add);
            return new ParsedSources(task, units);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Returns the folder of the whole project; the tests of a module run in the folder of that module. */
    static Path root() {
        Path here = Path.of("").toAbsolutePath();
        return Files.isDirectory(here.resolve("testkit"))
                ? here
                : here.resolveSibling("testkit").getParent();
    }

    /**
     * Contains parsed files.
     *
     * @param task the compiler run that parsed them, which gives access to their Javadoc
     * @param units one tree for each file
     */
    record ParsedSources(JavacTask task, List<CompilationUnitTree> units) {}
}
