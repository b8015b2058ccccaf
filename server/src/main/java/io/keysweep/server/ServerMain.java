package io.keysweep.server;

import io.keysweep.server.config.InvalidSettingsException;
import io.keysweep.server.config.Role;
import io.keysweep.server.config.ServiceSettings;
import io.keysweep.server.config.SettingsLoader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.boot.security.autoconfigure.UserDetailsServiceAutoConfiguration;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.support.GenericApplicationContext;
import org.springframework.core.env.MapPropertySource;

/** Starts the Keysweep service. */
@SpringBootApplication(exclude = UserDetailsServiceAutoConfiguration.class)
public class ServerMain {

    private static final int USAGE = 2;

    ServerMain() {}

    /** Entry point of {@code keysweep server}; exit code 2 if the settings do not allow a start, 1 if it fails. */
    public static void main(String[] args) {
        try {
            start(List.of(args), System.getenv());
            // A stop that was asked for is a success to whoever asked: 0, where a JVM ends with 143.
            SpringApplication.getShutdownHandlers()
                    .add(() -> Runtime.getRuntime().halt(0));
        } catch (InvalidSettingsException e) {
            refuse(e.problems());
        } catch (RuntimeException e) {
            // Spring has reported it.
            System.exit(1);
        }
    }

    /**
     * Starts the service in this process.
     *
     * @param args arguments of {@code keysweep server}
     * @param environment the process environment
     * @throws InvalidSettingsException with every problem of the settings
     */
    static ConfigurableApplicationContext start(List<String> args, Map<String, String> environment) {
        ServiceSettings settings = SettingsLoader.load(args, environment);
        makePrivate(settings);
        SpringApplication application = new SpringApplication(ServerMain.class);
        if (!Role.listens(settings.roles())) {
            application.setWebApplicationType(WebApplicationType.NONE);
            application.setKeepAlive(true);
        }
        application.addInitializers(context -> {
            context.getEnvironment()
                    .getPropertySources()
                    .addFirst(new MapPropertySource("keysweep", settings.asSpringProperties()));
            ((GenericApplicationContext) context).registerBean(ServiceSettings.class, () -> settings);
        });
        return application.run();
    }

    private static void makePrivate(ServiceSettings settings) {
        Path home = settings.home();
        try {
            Files.createDirectories(
                    home, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
            // H2 would make its file readable for everybody, which matters where the folder was there before.
            Path database = home.resolve("keysweep.mv.db");
            if (settings.databaseUrl() == null && !Files.exists(database)) {
                Files.createFile(
                        database, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
            }
        } catch (IOException e) {
            throw new InvalidSettingsException(
                    List.of("KEYSWEEP_HOME is '" + home + "', must be a folder that can be made: " + e));
        }
    }

    @SuppressWarnings("SystemOut") // There is no log before there are settings.
    private static void refuse(List<String> problems) {
        System.err.println("keysweep server cannot start:");
        problems.forEach(problem -> System.err.println("  - " + problem));
        System.exit(USAGE);
    }
}
