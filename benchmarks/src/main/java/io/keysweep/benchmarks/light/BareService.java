package io.keysweep.benchmarks.light;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.tools.ToolProvider;

/**
 * Compiles a Spring Boot service that does nothing, to compare its start. It has the version of Spring Boot that
 * Keysweep uses.
 */
final class BareService {

    private static final String MAIN = "Bare";

    private static final String SOURCE = """
            import org.springframework.boot.SpringApplication;
            import org.springframework.boot.autoconfigure.EnableAutoConfiguration;

            @EnableAutoConfiguration
            public class Bare {
                public static void main(String[] arguments) {
                    SpringApplication.run(Bare.class, arguments);
                }
            }
            """;

    /** Names of the jars that a service needs for nothing but HTTP and its log; all others are left out. */
    private static final String JARS = "(spring-(core|context|beans|aop|expression|web|webmvc)"
            + "|spring-boot(-autoconfigure|-web-server|-servlet|-tomcat|-webmvc|-http-converter|-jackson)?"
            + "|tomcat-embed-(core|el)|jackson-.*|micrometer-(commons|observation)|logback-.*|slf4j-api|jul-to-slf4j"
            + "|log4j-.*|jakarta\\.annotation-api|commons-logging|jspecify|snakeyaml)-[0-9].*\\.jar";

    private BareService() {}

    /**
     * Compiles the service.
     *
     * @param libraries folder with the jars of Keysweep's service
     * @param folder empty folder for the classes
     * @param port port on which the service will listen
     * @return the command that starts the service
     */
    static List<String> compile(Path libraries, Path folder, int port) throws IOException {
        String classPath;
        try (Stream<Path> jars = Files.list(libraries)) {
            classPath = jars.filter(jar -> jar.getFileName().toString().matches(JARS))
                    .map(jar -> jar.toAbsolutePath().toString())
                    .sorted()
                    .collect(Collectors.joining(":"));
        }
        Path source = Files.writeString(folder.resolve(MAIN + ".java"), SOURCE);
        int code = Objects.requireNonNull(ToolProvider.getSystemJavaCompiler(), "this needs a JDK")
                .run(
                        /* in= */ null,
                        /* out= */ null,
                        /* err= */ null,
                        "-proc:none",
                        "-cp",
                        classPath,
                        "-d",
                        folder.toString(),
                        source.toString());
        if (code != 0) {
            throw new IOException("the bare service does not compile with the jars in " + libraries);
        }
        return List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+UseSerialGC",
                "-cp",
                folder + ":" + classPath,
                MAIN,
                "--server.port=" + port);
    }
}
