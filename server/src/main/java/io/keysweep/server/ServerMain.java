package io.keysweep.server;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;

/** Starts the Keysweep service. */
@SpringBootApplication
public class ServerMain {

    ServerMain() {}

    /** Entry point of {@code keysweep server}. */
    public static void main(String[] args) {
        SpringApplication.run(ServerMain.class, args);
    }
}
