package usersapi.system;

import com.amazonaws.services.lambda.runtime.RequestStreamHandler;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import usersapi.standin.LocalContext;

/**
 * Makes a function as Lambda does and invokes it twice, in a JVM of its own, whose file of hosts then changes; for
 * {@link PrimingTest}.
 */
final class TwoInvocations {

    static final String MADE = "== made";
    static final String INVOKED = "== invoked";
    static final List<String> ADDRESSES = List.of("127.0.0.1", "127.0.0.2");

    private TwoInvocations() {}

    /** The handler's class; the event is on standard input. */
    public static void main(String[] args) throws Exception {
        var event = System.in.readAllBytes();
        var context = new LocalContext("Primed", Duration.ofMinutes(1), 1_024, line -> {});
        context.getRemainingTimeInMillis();
        context.getLogger().log("");
        var answers = new ByteArrayOutputStream();
        var handler = Class.forName(args[0]).asSubclass(RequestStreamHandler.class).getConstructor().newInstance();
        System.out.println(MADE);
        handler.handleRequest(new ByteArrayInputStream(event), answers, context);
        System.out.println(INVOKED);
        System.out.println(answers);
        answers.reset();
        handler.handleRequest(new ByteArrayInputStream(event), answers, context);
        System.out.println(INVOKED);
        System.out.println(answers);
        for (var address : ADDRESSES) {
            Files.writeString(Path.of(System.getProperty("jdk.net.hosts.file")), address + " service.example");
            System.out.println(InetAddress.getAllByName("service.example")[0].getHostAddress());
        }
        System.exit(0);
    }
}
