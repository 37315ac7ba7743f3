-- CreateEnum
CREATE TYPE "principal_kind" AS ENUM ('user', 'machine');

-- CreateEnum
CREATE TYPE "todo_status" AS ENUM ('open', 'done');

-- CreateTable
CREATE TABLE "owners" (
    "id" UUID NOT NULL,
    "issuer" TEXT NOT NULL,
    "kind" "principal_kind" NOT NULL,
    "subject" TEXT NOT NULL,
    "email" TEXT,
    "time_zone" TEXT,
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "updated_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "owners_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "todos" (
    "id" UUID NOT NULL,
    "owner_id" UUID NOT NULL,
    "title" TEXT NOT NULL,
    "notes" TEXT,
    "due_at" TIMESTAMPTZ(3),
    "status" "todo_status" NOT NULL DEFAULT 'open',
    "version" INTEGER NOT NULL DEFAULT 1,
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "updated_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "todos_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "idempotency_keys" (
    "owner_id" UUID NOT NULL,
    "key" TEXT NOT NULL,
    "request_hash" TEXT NOT NULL,
    "response" JSONB NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "idempotency_keys_pkey" PRIMARY KEY ("owner_id","key")
);

-- CreateIndex
CREATE UNIQUE INDEX "owners_issuer_kind_subject_key" ON "owners"("issuer", "kind", "subject");

-- CreateIndex
CREATE INDEX "idempotency_keys_created_at_idx" ON "idempotency_keys"("created_at");

-- AddForeignKey
ALTER TABLE "todos" ADD CONSTRAINT "todos_owner_id_fkey" FOREIGN KEY ("owner_id") REFERENCES "owners"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "idempotency_keys" ADD CONSTRAINT "idempotency_keys_owner_id_fkey" FOREIGN KEY ("owner_id") REFERENCES "owners"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- Pages go by (due_at nulls last, id). With undated todos at infinity that order is one row comparison, so a page of
-- any depth is one index range. Prisma's schema language cannot express these indexes.
CREATE INDEX "todos_owner_due_idx" ON "todos"("owner_id", (coalesce("due_at", 'infinity'::timestamptz)), "id");
CREATE INDEX "todos_due_idx" ON "todos"((coalesce("due_at", 'infinity'::timestamptz)), "id");
CREATE INDEX "todos_open_due_idx" ON "todos"((coalesce("due_at", 'infinity'::timestamptz)), "id") WHERE "status" = 'open';
