package io.keysweep.server;

import io.keysweep.api.text.FileProblem;
import io.keysweep.server.config.InvalidSettingsException;
import io.keysweep.server.config.ServiceSettings;
import io.keysweep.server.config.SettingsLoader;
import io.keysweep.server.iam.principal.AdministratorRecovery;
import io.keysweep.server.tls.CertificateCheck;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.boot.security.autoconfigure.UserDetailsServiceAutoConfiguration;
import org.springframework.boot.tomcat.autoconfigure.metrics.TomcatMetricsAutoConfiguration;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.support.GenericApplicationContext;
import org.springframework.core.env.MapPropertySource;

/** Starts the Keysweep service: from the command line, or in the same JVM for tests. */
@SpringBootApplication(exclude = {UserDetailsServiceAutoConfiguration.class, TomcatMetricsAutoConfiguration.class})
public class ServerMain {

    /**
     * Exit code for a start that also fails the next time unless the operator changes something: the settings are
     * invalid, the database is of another build, or the master key is not usable. The systemd unit of the Debian
     * package does not repeat such a start.
     */
    private static final int OPERATOR_MUST_ACT = 2;

    /** Exit code for any other failure, for example if the database is down. The next start may succeed. */
    private static final int FAILED = 1;

    private static final String RECOVER_ADMIN = "recover-admin";

    ServerMain() {}

    /**
     * Runs {@code keysweep server}, which returns once the service has started, or {@code keysweep server
     * recover-admin}. If the start fails, the process exits with code 2 if the operator must change something first,
     * and otherwise with code 1.
     */
    public static void main(String[] args) {
        SpringApplication application = null;
        try {
            if (args.length > 0 && args[0].equals(RECOVER_ADMIN)) {
                application = newRecovery(List.of(args).subList(1, args.length), System.getenv());
                application.run().close();
                return;
            }
            application = newService(List.of(args), System.getenv());
            application.run();
            // A requested stop (SIGTERM) is a success, so the process exits with 0. By default a JVM exits with 143.
            // This handler runs after Spring has closed all beans, so halt cuts nothing off.
            SpringApplication.getShutdownHandlers()
                    .add(() -> Runtime.getRuntime().halt(0));
            // After a start, about half of the used heap is garbage. Without this call, the JVM would keep that memory
            // until the heap is full. See dev/jvm-options.
            System.gc();
        } catch (InvalidSettingsException e) {
            exitWithProblems(OPERATOR_MUST_ACT, e.problems());
        } catch (RuntimeException e) {
            if (application == null) {
                exitWithProblems(FAILED, List.of(e.toString()));
            }
            // If there is an application, Spring has reported the failure already, with the explanations of
            // StartFailures.
            System.exit(StartFailures.isLasting(e) ? OPERATOR_MUST_ACT : FAILED);
        }
    }

    /**
     * Starts the service in this process, and returns once it has started. Creates the home folder and the H2 database
     * file if they do not exist.
     *
     * @param args arguments of {@code keysweep server}
     * @param environment the environment variables of the process
     * @return the running service; closing it stops the service
     * @throws InvalidSettingsException if any setting is invalid, or the home folder cannot be created; the exception
     *     contains all problems
     */
    static ConfigurableApplicationContext start(List<String> args, Map<String, String> environment) {
        return newService(args, environment).run();
    }

    /** Returns the application of the whole service, after a check of the settings and the TLS files. */
    private static SpringApplication newService(List<String> args, Map<String, String> environment) {
        ServiceSettings settings = SettingsLoader.load(args, environment);
        CertificateCheck.check(settings);
        createPrivateHome(settings);
        SpringApplication application = newApplication(ServerMain.class, settings);
        if (settings.listens()) {
            application.setApplicationContextFactory(type -> new EarlyFreezeContext());
        } else {
            // Without a web server no thread would keep the process alive, so setKeepAlive does.
            application.setWebApplicationType(WebApplicationType.NONE);
            application.setKeepAlive(true);
        }
        return application;
    }

    /**
     * Returns the application that creates an access key of an administrator and prints it, for an operator who has
     * lost all other keys. It starts no part of the service.
     *
     * @param args arguments after {@code recover-admin}
     * @param environment the environment variables of the process
     * @throws InvalidSettingsException if any setting is invalid; the exception contains all problems
     */
    private static SpringApplication newRecovery(List<String> args, Map<String, String> environment) {
        ServiceSettings settings = SettingsLoader.load(args, environment);
        SpringApplication application = newApplication(AdministratorRecovery.class, settings);
        application.setWebApplicationType(WebApplicationType.NONE);
        return application;
    }

    /** Returns an application whose Spring properties follow from the settings. */
    private static SpringApplication newApplication(Class<?> source, ServiceSettings settings) {
        SpringApplication application = new SpringApplication(source);
        // These properties set the format of the log, which Spring Boot reads before it runs the initializer below.
        application.setDefaultProperties(settings.logFormat().asSpringProperties());
        application.addInitializers(context -> {
            // The settings are added first, so that nothing else overrides them, such as a variable of the environment.
            context.getEnvironment()
                    .getPropertySources()
                    .addFirst(new MapPropertySource("keysweep", settings.asSpringProperties()));
            ((GenericApplicationContext) context).registerBean(ServiceSettings.class, () -> settings);
        });
        return application;
    }

    /** Creates the home folder and the H2 database file, for this user alone, if they do not exist. */
    private static void createPrivateHome(ServiceSettings settings) {
        Path home = settings.home();
        try {
            Files.createDirectories(
                    home, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
            if (settings.databaseUrl() == null) {
                createPrivateFile(home.resolve("keysweep.mv.db"));
            }
        } catch (IOException e) {
            throw new InvalidSettingsException(List.of(
                    "KEYSWEEP_HOME is '" + home + "', must be a folder that can be created: " + FileProblem.of(e)));
        }
    }

    /**
     * Creates the H2 database file unless it exists. H2 would create a file that all users can read. That matters if
     * the folder existed before and is not private.
     */
    static void createPrivateFile(Path database) throws IOException {
        try {
            Files.createFile(
                    database, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        } catch (FileAlreadyExistsException e) {
            // The file is from an earlier start, or from a process that starts at the same time. H2 decides which
            // process may use it.
        }
    }

    private static void exitWithProblems(int exitCode, List<String> problems) {
        StartFailureReport.print(problems);
        System.exit(exitCode);
    }
}
