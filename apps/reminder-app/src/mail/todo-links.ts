export interface TodoLinks {
  /** Where the person sees the todo. */
  readonly todo: string;
  /** A page with a button that marks the todo as done; opening it changes nothing. */
  readonly done: string;
}

export type LinksOf = (id: string) => TodoLinks;

/** Returns the links of a todo below the page of todos. They contain no token, because the page requires a log-in. */
export const linksBelow =
  (page: string): LinksOf =>
  (id) => {
    const todo = `${page}/${encodeURIComponent(id)}`;
    return { todo, done: `${todo}/done` };
  };
